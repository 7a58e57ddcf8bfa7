from wagtail.users.apps import WagtailUsersAppConfig


class PeopleConfig(WagtailUsersAppConfig):
    """Wagtail's screens for people, with forms of ours."""

    user_viewset = "groups.admin.people.viewset.PersonViewSet"
