from django.utils.translation import gettext_lazy as _

from groups.admin.directory.base import DirectoryViewSet
from groups.vocabulary.models import Circumstance


class CircumstanceViewSet(DirectoryViewSet):
    model = Circumstance
    icon = "user"
    menu_label = _("Circumstances")
    list_display = ["label", "short"]
    search_fields = ["label", "short", "phrases"]
