from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel

from groups.admin.directory.base import DirectoryViewSet
from groups.vocabulary.models import FalseFriend


class FalseFriendViewSet(DirectoryViewSet):
    model = FalseFriend
    icon = "warning"
    menu_label = _("Phrases that mislead")
    list_display = ["phrase", "help_panel"]
    search_fields = ["phrase"]
    panels = [
        HelpPanel(
            content=_(
                "A longer phrase that stops a shorter one from meaning something. “Bank holiday” is no bank."
            )
        ),
        FieldPanel("phrase", help_text=_("In small letters, as people type it.")),
        FieldPanel("means_needs", help_text=_("Leave empty if it means none of them.")),
        FieldPanel("means_activities", help_text=_("Leave empty if it means none of them.")),
        FieldPanel("help_panel"),
        FieldPanel("help_softly"),
    ]
