"""What the admin shows of ours. This module only registers; each part is in `groups.admin`."""

from wagtail import hooks
from wagtail.admin.views.account import NameEmailSettingsPanel
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from groups.admin import comparing, log_actions, urls
from groups.admin.checking_menu import checking_menu_item
from groups.admin.directory.source_records import LookOnly
from groups.admin.group_edit import GroupPageViewSet
from groups.admin.menu import DirectoryMenu
from groups.admin.people.forms import OwnNameForm
from groups.admin.people.policies import ForModerators
from groups.admin.reports import menu as reports
from groups.admin.today.buttons import today_button
from groups.links.models import Website
from groups.listings.provenance import SourceRecord
from groups.mail.models import QueuedMail
from groups.people.membership.models import Claim

register_permission_policy(SourceRecord, LookOnly(SourceRecord))
for model in (Claim, QueuedMail, Website):
    register_permission_policy(model, ForModerators(model))
register_snippet(DirectoryMenu)
comparing.register()
NameEmailSettingsPanel.form_class = OwnNameForm  # Wagtail offers no other way in

hooks.register("register_log_actions", log_actions.register)
hooks.register("register_admin_menu_item", checking_menu_item)
hooks.register("register_admin_urls", lambda: urls.urlpatterns)
hooks.register("register_page_header_buttons", today_button)
hooks.register("register_admin_urls", reports.urls)
hooks.register("construct_homepage_panels", reports.worklists_panel)
for order, report in enumerate(reports.REPORTS):
    hooks.register("register_reports_menu_item", reports.menu_item(report, order))
hooks.register("register_admin_viewset", GroupPageViewSet)
