from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from groups.admin.directory.base import DirectoryViewSet
from groups.places.models import Venue


class VenueViewSet(DirectoryViewSet):
    """Public places. A place that must not be found never stands here."""

    model = Venue
    icon = "home"
    menu_label = _("Venues")
    list_display = [
        "name",
        Column("address", label=_("Street address"), sort_key="address"),
        Column("town", label=_("Town"), sort_key="town"),
        Column("postcode", label=_("Postcode"), sort_key="postcode"),
    ]
    list_filter = ["district"]
    search_fields = ["name", "address", "town", "postcode"]
    ordering = ["name"]
