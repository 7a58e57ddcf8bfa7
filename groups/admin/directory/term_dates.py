from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel

from groups.admin.directory.base import DirectoryViewSet
from groups.places.models import TermDates


class TermDatesViewSet(DirectoryViewSet):
    model = TermDates
    icon = "calendar-alt"
    menu_label = _("School terms")
    list_display = ["name", "district", "first_day", "last_day"]
    list_filter = ["district"]
    search_fields = ["name", "district"]
    ordering = ["-first_day"]
    panels = [
        HelpPanel(
            content=_(
                "Groups that meet in term time only follow these dates. Enter each half term on its own."
            )
        ),
        FieldPanel("name"),
        FieldPanel(
            "district",
            help_text=_("Such as Chelmsford. Leave empty for every area that has no terms of its own."),
        ),
        FieldPanel("first_day"),
        FieldPanel("last_day"),
    ]
