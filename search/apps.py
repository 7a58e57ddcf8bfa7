from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import search.meaning.checks  # noqa: F401 (registers itself)
        from groups.listings.changes import (
            register_eraser,
            register_finisher,
            register_vocabulary_watcher,
            register_writer,
        )
        from search.index import erasing, outbox, vectors, vocabulary, writer

        register_writer(writer.write_changes)
        register_writer(outbox.note_changes)
        register_vocabulary_watcher(vocabulary.phrases_changed)
        register_eraser(erasing.erase_words)
        writer.after_write(vectors.follow)
        register_finisher(vectors.finish)
