"""What every page says about this site: its name, area and help lines, and how the visitor wants it shown."""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from wagtail.models import Site

from groups.content.models import AreaSettings, GuideIndexPage
from groups.listings.changes import ChangeCounter
from groups.listings.public import PublicContact
from portal.display.choices import Display

# For each host the values last read, and the value of their counter then.
_known: dict[str, tuple[int, "SiteValues"]] = {}
_HOSTS_KEPT = 32


@dataclass(frozen=True, slots=True)
class SiteValues:
    """`AreaSettings` as plain values. guides: address of the guides, "" while there are none."""

    name: str = "Waymark"
    area: str = ""
    default_place: str = ""
    run_by: str = ""
    help_phone: str = ""
    help_hours: str = ""
    help_email: str = ""
    postal_address: str = ""
    guides: str = ""

    @property
    def help_phone_href(self) -> str:
        return PublicContact(kind="phone", value=self.help_phone).href


def site_values(request: HttpRequest) -> SiteValues:
    """The values of the site that answers this request, looked up once a request and read when they changed."""
    values: SiteValues | None = getattr(request, "_waymark_site", None)
    if values is None:
        change = ChangeCounter.values_now()[ChangeCounter.SITE]
        host = request.get_host()
        known_change, values = _known.get(host, (None, None))
        if values is None or known_change != change:
            values = _read(request)
            if host in _known or len(_known) < _HOSTS_KEPT:
                _known[host] = change, values
        request._waymark_site = values  # type: ignore[attr-defined]
    return values


def last_known(request: HttpRequest) -> SiteValues:
    """The values as this process last read them, without the database."""
    try:
        host = request.get_host()
    except DisallowedHost:
        return SiteValues()
    return _known.get(host, (0, SiteValues()))[1]


def forget() -> None:
    """Read everything anew (after a test's rollback, or a restored database)."""
    _known.clear()


def _read(request: HttpRequest) -> SiteValues:
    site = Site.find_for_request(request)
    if site is None:
        return SiteValues()
    area = AreaSettings.for_site(site)
    guides = GuideIndexPage.objects.live().descendant_of(site.root_page).first()
    return SiteValues(
        name=area.site_name,
        area=area.area_name,
        default_place=area.default_place,
        run_by=area.run_by,
        help_phone=area.help_phone,
        help_hours=area.help_hours,
        help_email=area.help_email,
        postal_address=area.postal_address,
        guides=guides.get_url(request) or "" if guides else "",
    )


def context(request: HttpRequest) -> dict[str, object]:
    """Context processor: `site`, `display`, `demo`."""
    return {
        "site": SimpleLazyObject(lambda: site_values(request)),  # the admin's pages never ask
        "display": Display.of(request),
        "demo": settings.WAYMARK_DEMO,
    }
