from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import DateColumn
from wagtail.permission_policies import ModelPermissionPolicy

from groups.admin.directory.base import DirectoryViewSet
from groups.listings.provenance import SourceRecord


class LookOnly(ModelPermissionPolicy):
    """Whoever may see source records sees them. Only an import writes them."""

    def user_has_permission(self, user, action):
        return action == "view" and super().user_has_permission(user, "view")

    def user_has_any_permission(self, user, actions):
        return any(self.user_has_permission(user, action) for action in {*actions, "view"})

    def user_has_permission_for_instance(self, user, action, instance):
        return self.user_has_permission(user, action)

    def user_has_any_permission_for_instance(self, user, actions, instance):
        return self.user_has_any_permission(user, actions)

    def instances_user_has_any_permission_for(self, user, actions):
        return (
            self.model.objects.all()
            if self.user_has_any_permission(user, actions)
            else self.model.objects.none()
        )


class SourceRecordViewSet(DirectoryViewSet):
    """Where imported listings came from. Read only."""

    model = SourceRecord
    icon = "download"
    menu_label = _("Imported from")
    inspect_view_enabled = True
    inspect_view_fields = [
        "source_name", "source", "ref", "url", "licence", "source_date", "imported_at", "gone_at", "group_uid", "values",
    ]  # fmt: skip
    copy_view_enabled = False
    list_display = [
        "__str__",
        "source",
        DateColumn("source_date", label=_("As of"), sort_key="source_date"),
        DateColumn("imported_at", label=_("Imported"), sort_key="imported_at"),
        DateColumn("gone_at", label=_("Gone since"), sort_key="gone_at"),
    ]
    list_filter = ["source"]
    search_fields = ["ref", "source_name", "url"]
    panels: list = []
