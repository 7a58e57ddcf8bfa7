from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.admin.panels import HelpPanel as Note

from groups.admin.directory.base import DirectoryViewSet
from groups.vocabulary.models import HelpPanel


class HelpPanelViewSet(DirectoryViewSet):
    model = HelpPanel
    icon = "warning"
    menu_label = _("Urgent help")
    list_display = ["heading", "checked_on", "sort_order"]
    search_fields = ["heading", "lines", "phrases"]
    panels = [
        Note(content=_("Ring each number before you save. People in danger will rely on it.")),
        FieldPanel("heading", heading=_("Heading")),
        FieldPanel("slug", heading=_("Short name for links"), help_text=_("Keep it: pages use it.")),
        FieldPanel("lines", heading=_("What it says")),
        FieldPanel("soft_line"),
        FieldPanel("phrases", heading=_("What people type")),
        FieldPanel("quick_exit"),
        FieldPanel("checked_on"),
        FieldPanel("sort_order", heading=_("Place in the list"), help_text=_("Small numbers come first.")),
    ]
