"""The demo's site: its tree of pages, its guides, what staff would have set, and its people."""

from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Group
from django.utils import timezone
from django.utils.html import escape
from wagtail.models import Locale, Page, Site

from groups.admin.roles import ensure_roles
from groups.demo.content import lasting_id, read, school_terms
from groups.demo.people import PASSWORD, DemoPerson, people
from groups.models import (
    Activity,
    AreaSettings,
    GroupIndexPage,
    GuideIndexPage,
    GuidePage,
    HomePage,
    HomeTopic,
    Membership,
    TermDates,
    Trust,
    User,
)


def build_site() -> GroupIndexPage:
    """The pages of the demo, made where they are missing. Returns the page its groups live under."""
    content = read("site")
    home = HomePage.objects.filter(translation_key=lasting_id("page", "home")).first()
    if home is None:
        home = _add_home(content["home"])
    index = _page_under(home, GroupIndexPage, slug="groups", **content["groups"])
    guides = _page_under(home, GuideIndexPage, slug="guides", **content["guides"])
    for guide in read("guides")["guides"]:
        _page_under(guides, GuidePage, **{**guide, "body": _guide_body(guide["body"])})
    _set_area(content["area"])
    return index


def first_day(index: GroupIndexPage) -> date:
    """The day the demo was first loaded, which its dates count from: when its page of groups was first published."""
    return timezone.localtime(index.first_published_at).date()


def _add_home(content: dict[str, Any]) -> HomePage:
    root = Page.get_first_root_node()
    home = HomePage(
        title="Waymark",
        slug="waymark",
        translation_key=lasting_id("page", "home"),
        **{name: value for name, value in content.items() if name != "topics"},
    )
    locale = Locale.get_default()
    by_slug = {term.slug: term for term in Activity.objects.filter(slug__in=content["topics"], locale=locale)}
    home.topics = [
        HomeTopic(activity=by_slug[slug], sort_order=place, locale=locale)
        for place, slug in enumerate(content["topics"])
    ]
    root.add_child(instance=home)
    home.save_revision().publish()
    base = urlsplit(settings.WAGTAILADMIN_BASE_URL)
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    welcome = site.root_page if site.pk else None
    site.hostname, site.port = base.hostname or "localhost", base.port or 80
    site.root_page, site.site_name = home, "Waymark"
    site.save()
    if welcome is not None and welcome.specific_class is Page and welcome.is_leaf():
        welcome.delete()  # Wagtail's own first page, which says "Welcome to your new Wagtail site"
    return home


def _page_under(parent: Page, model: type[Page], *, slug: str, **fields: Any) -> Any:
    key = lasting_id("page", slug)
    page = model.objects.filter(translation_key=key).first()
    if page is None:
        page = model(slug=slug, translation_key=key, **fields)
        Page.objects.get(pk=parent.pk).add_child(instance=page)
        page.save_revision().publish()
    return page


def _guide_body(blocks: list[dict[str, Any]]) -> list[tuple[str, Any]]:
    """The blocks of a guide as StreamField holds them."""
    body = []
    for block in blocks:
        ((kind, value),) = block.items()
        if kind == "text":
            value = "".join(f"<p>{escape(part)}</p>" for part in value.strip().split("\n\n"))
        body.append((kind, value))
    return body


def _set_area(content: dict[str, str]) -> None:
    site = Site.objects.get(is_default_site=True)
    if not AreaSettings.objects.filter(site=site).exists():
        AreaSettings.objects.create(site=site, **content)


def add_school_terms(first: date) -> None:
    """Three school years around the first day, for each area that has none."""
    known = set(TermDates.objects.values_list("district", flat=True))
    names = ("Autumn 1", "Autumn 2", "Spring 1", "Spring 2", "Summer 1", "Summer 2")
    for area in read("site")["terms"]:
        if area["district"] in known:
            continue
        for place, (begins, ends) in enumerate(school_terms(first, area["days"])):
            TermDates.objects.create(
                district=area["district"],
                name=f"{names[place % len(names)]} {begins.year}",
                first_day=begins,
                last_day=ends,
            )


def add_people() -> list[DemoPerson]:
    """A user for each role, with the demo's password, and what each keeps. Returns them for printing."""
    ensure_roles()
    for person in people():
        if User.objects.filter(email=person.email).exists():
            continue
        user = User.objects.create_user(
            person.email,
            PASSWORD,
            first_name=person.name,
            is_superuser=person.superuser,
            is_staff=person.superuser,
        )
        user.groups.set(Group.objects.filter(name__in=person.groups))
        for key, role in person.keeps:
            Membership.objects.create(user=user, group_uid=lasting_id("group", key), role=role)
            Trust.earned(lasting_id("group", key), by=None)
    return people()
