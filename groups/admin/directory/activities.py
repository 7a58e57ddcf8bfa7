from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from groups.admin.directory.base import DirectoryViewSet
from groups.vocabulary.models import Activity, ActivityFamily


class ActivityViewSet(DirectoryViewSet):
    model = Activity
    icon = "tag"
    menu_label = _("Activities")
    list_display = ["label", "short", "family", "pillar"]
    list_filter = ["family", "pillar"]
    search_fields = ["label", "short", "phrases"]


class ActivityFamilyViewSet(DirectoryViewSet):
    model = ActivityFamily
    icon = "folder-open-inverse"
    menu_label = _("Activity families")
    list_display = ["label", "colour", "sort_order"]
    search_fields = ["label"]
    panels = [
        FieldPanel("label", help_text=_("As visitors read it, such as Making and art.")),
        FieldPanel(
            "slug", heading=_("Short name for links"), help_text=_("Keep it: links and discs use it.")
        ),
        FieldPanel("colour", help_text=_("The disc has a symbol too. Colour is never the only sign.")),
        FieldPanel("sort_order", heading=_("Place in the list"), help_text=_("Small numbers come first.")),
    ]
