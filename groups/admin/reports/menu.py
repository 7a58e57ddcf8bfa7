"""Our reports, first in Wagtail's menu "Reports", and what waits in them, on the front page."""

from django.http import HttpRequest
from django.urls import URLPattern, reverse
from wagtail.admin.menu import MenuItem

from groups.admin.checking_menu import moderators_worklists
from groups.admin.people.came_back import CameBackReport
from groups.admin.people.claims import ClaimsReport
from groups.admin.people.leaderless import LeaderlessReport
from groups.admin.people.unsent import UnsentReport
from groups.admin.reports.base import DirectoryReport
from groups.admin.reports.broken_websites import BrokenWebsitesReport
from groups.admin.reports.checks import ChecksReport
from groups.admin.reports.gaps import GapsReport
from groups.admin.reports.likely_duplicates import DuplicatesReport
from groups.admin.reports.missing import MissingReport
from groups.admin.reports.suggested import SuggestedReport
from groups.admin.worklists import WorklistsPanel

REPORTS: tuple[type[DirectoryReport], ...] = (
    ClaimsReport, LeaderlessReport, CameBackReport, ChecksReport, MissingReport, SuggestedReport, DuplicatesReport,
    GapsReport, BrokenWebsitesReport, UnsentReport,
)  # fmt: skip


class ReportMenuItem(MenuItem):
    def __init__(self, report: type[DirectoryReport], order: int):
        self.report = report
        super().__init__(
            report.page_title,
            reverse(report.index_url_name),
            name=f"groups-{report.slug}",
            icon_name=report.header_icon,
            order=order,
        )

    def is_shown(self, request) -> bool:
        return self.report.is_for(request.user)


def menu_item(report: type[DirectoryReport], order: int):
    """A hook that makes the item when the menu is built: addresses are not known before."""
    return lambda: ReportMenuItem(report, order)


def urls() -> list[URLPattern]:
    return [pattern for report in REPORTS for pattern in report.urls()]


def worklists_panel(request: HttpRequest, panels: list) -> None:
    """A hook that puts what waits onto the front page, for those whose work it is."""
    reports = [report for report in REPORTS if report.is_work_of(request.user)]
    if reports:
        lines = [line for report in reports for line in report.worklists()]
        panels.append(WorklistsPanel([*moderators_worklists(request.user), *lines]))
