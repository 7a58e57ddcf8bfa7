from django.utils.translation import gettext_lazy as _

from groups.admin.directory.base import DirectoryViewSet
from groups.organisations.models import Organisation


class OrganisationViewSet(DirectoryViewSet):
    model = Organisation
    icon = "group"
    menu_label = _("Organisations")
    list_display = ["name", "website", "charity_number"]
    search_fields = ["name", "about", "charity_number", "company_number"]
    ordering = ["name"]
