"""The menu "Directory": groups first, then who and where, then the words, then the rest."""

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from groups.admin.directory.activities import ActivityFamilyViewSet, ActivityViewSet
from groups.admin.directory.circumstances import CircumstanceViewSet
from groups.admin.directory.false_friends import FalseFriendViewSet
from groups.admin.directory.help_panels import HelpPanelViewSet
from groups.admin.directory.languages import LanguageViewSet
from groups.admin.directory.needs import NeedAreaViewSet, NeedViewSet
from groups.admin.directory.organisations import OrganisationViewSet
from groups.admin.directory.source_records import SourceRecordViewSet
from groups.admin.directory.tags import TagViewSet
from groups.admin.directory.term_dates import TermDatesViewSet
from groups.admin.directory.venues import VenueViewSet
from groups.admin.group_list import GroupListViewSet
from groups.admin.people.areas import ModeratorAreaViewSet


class DirectoryMenu(SnippetViewSetGroup):
    menu_label = _("Directory")
    menu_icon = "group"
    menu_order = 110  # straight after Pages
    items = (
        GroupListViewSet,
        OrganisationViewSet,
        VenueViewSet,
        ActivityViewSet,
        ActivityFamilyViewSet,
        NeedViewSet,
        NeedAreaViewSet,
        CircumstanceViewSet,
        LanguageViewSet,
        FalseFriendViewSet,
        HelpPanelViewSet,
        TagViewSet,
        TermDatesViewSet,
        SourceRecordViewSet,
        ModeratorAreaViewSet,
    )
