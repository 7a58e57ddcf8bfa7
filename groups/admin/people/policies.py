"""Who sees staff's worklists about people and e-mail in the admin: those who may moderate."""

from wagtail.permission_policies import ModelPermissionPolicy

from groups.people.permissions import may


class ForModerators(ModelPermissionPolicy):
    def user_has_permission(self, user, action) -> bool:
        return may(user, "moderate")

    def user_has_any_permission(self, user, actions) -> bool:
        return may(user, "moderate")
