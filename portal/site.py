"""What every page says about this site: its name, area and help lines, and how the visitor wants it shown."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from wagtail.models import Site

from groups.content.models import AreaSettings, GuideIndexPage
from groups.listings.public import PublicContact
from portal.display.choices import Display

# The last values read for each host, for the page that must not touch the database.
_last_known: dict[str, "SiteValues"] = {}
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
    """The values of the site that answers this request, read once a request."""
    known = getattr(request, "_waymark_site", None)
    if known is None:
        known = request._waymark_site = _read(request)  # type: ignore[attr-defined]
        if len(_last_known) < _HOSTS_KEPT:
            _last_known[request.META.get("HTTP_HOST", "")] = known
    return known


def last_known(request: HttpRequest) -> SiteValues:
    """The values as this process last read them, without the database."""
    return _last_known.get(request.META.get("HTTP_HOST", ""), SiteValues())


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
