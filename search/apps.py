from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from groups.listings.changes import register_writer
        from search.index.writer import write_changes

        register_writer(write_changes)
