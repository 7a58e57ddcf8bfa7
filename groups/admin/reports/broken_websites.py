"""Websites that do not work, and whose they are: staff ring, and mend the page."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn

from groups.admin.reports.base import DirectoryReport
from groups.admin.worklists import Worklist
from groups.links.models import Website
from groups.listings.choices import ContactKind
from groups.listings.models import Contact
from groups.organisations.models import Organisation


class BrokenWebsitesReport(DirectoryReport):
    slug = "websites"
    model = Website
    page_title = _("Websites that do not work")
    header_icon = "link-external"
    any_permission_required = ("view",)
    default_ordering = None
    columns = [
        TitleColumn("whose", label=_("Whose it is"), get_url=lambda website: website.edit_url),
        Column("url", label=_("Website")),
        Column("get_trouble_display", label=_("What happened")),
        DateColumn("failing_since", label=_("Since")),
        DateColumn("looked_at", label=_("Looked at")),
        DateColumn("told_at", label=_("Its people were told")),
    ]
    list_export = ["url", "whose", "trouble", "failing_since", "looked_at", "told_at"]

    def get_queryset(self) -> QuerySet:
        return Website.objects.broken().order_by("failing_since", "pk")

    def decorate_paginated_queryset(self, object_list: Any) -> list[Website]:
        """`whose`, and where it is changed: the first group, or else the organisation."""
        websites: list[Any] = list(object_list)
        urls = {website.url for website in websites}
        whose: dict[str, list[tuple[str, str]]] = {url: [] for url in urls}
        contacts = Contact.objects.filter(kind=ContactKind.WEBSITE, page__live=True, value__in=urls)
        for url, title, pk in contacts.order_by("page__title").values_list("value", "page__title", "page"):
            whose[url].append((title, reverse("wagtailadmin_pages:edit", args=[pk])))
        organisations = Organisation.objects.filter(website__in=urls)
        for url, name, pk in organisations.values_list("website", "name", "pk"):
            whose[url].append((name, reverse("wagtailsnippets_groups_organisation:edit", args=[pk])))
        for website in websites:
            named = whose[website.url]
            website.whose = ", ".join(dict.fromkeys(name for name, _href in named)) or _("Nobody any more")
            website.edit_url = named[0][1] if named else None
        return websites

    @classmethod
    def worklists(cls) -> list[Worklist]:
        return [Worklist(cls.page_title, Website.objects.broken().count(), reverse(cls.index_url_name))]
