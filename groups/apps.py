from django.apps import AppConfig


class GroupsConfig(AppConfig):
    name = "groups"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from groups.checking import receivers as checking
        from groups.content import receivers as content
        from groups.leaving import people
        from groups.listings import receivers

        receivers.connect()
        content.connect()
        people.connect()
        checking.connect()  # before wagtail.admin is ready: it takes the place of that app's letters
