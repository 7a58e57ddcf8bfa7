from django.utils.translation import gettext_lazy as _

from groups.admin.directory.base import DirectoryViewSet
from groups.vocabulary.models import Language


class LanguageViewSet(DirectoryViewSet):
    model = Language
    icon = "comment"
    menu_label = _("Languages")
    list_display = ["label", "slug"]
    search_fields = ["label", "slug", "phrases"]
