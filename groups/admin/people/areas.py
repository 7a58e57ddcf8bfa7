from django.utils.translation import gettext_lazy as _

from groups.admin.directory.base import DirectoryViewSet
from groups.checking.models import ModeratorArea


class ModeratorAreaViewSet(DirectoryViewSet):
    model = ModeratorArea
    icon = "user"
    menu_label = _("Moderators’ areas")
    list_display = ["district", "moderator"]
    list_filter = ["district"]
    search_fields = ["district", "moderator__first_name", "moderator__email"]
    ordering = ["district", "pk"]
