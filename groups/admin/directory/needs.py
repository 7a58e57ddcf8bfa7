from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from groups.admin.directory.base import DirectoryViewSet
from groups.vocabulary.models import Need, NeedArea


class NeedViewSet(DirectoryViewSet):
    model = Need
    icon = "help"
    menu_label = _("Needs")
    list_display = ["label", "short", "area", "help_panel"]
    list_filter = ["area", "help_panel"]
    search_fields = ["label", "short", "phrases"]


class NeedAreaViewSet(DirectoryViewSet):
    model = NeedArea
    icon = "folder-open-inverse"
    menu_label = _("Areas of need")
    list_display = ["label", "sort_order"]
    search_fields = ["label"]
    panels = [
        FieldPanel("label", help_text=_("As visitors read it, such as Feeling alone.")),
        FieldPanel("slug", heading=_("Short name for links"), help_text=_("Keep it: links use it.")),
        FieldPanel("sort_order", heading=_("Place in the list"), help_text=_("Small numbers come first.")),
    ]
