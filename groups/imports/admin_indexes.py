"""Wagtail's reference index and its own search, which serve staff: updated a batch at a time during an import.

Row by row they take more than half of an import's time. A process that is killed leaves at most one batch behind, which
`manage.py rebuild_references_index` and `manage.py rebuild_modelsearch_index` mend.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models.signals import post_save
from modelsearch.backends import get_search_backends
from modelsearch.signal_handlers import post_save_signal_handler
from wagtail.models import ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update

from groups.listings.models import GroupPage


class Behind:
    """Pages that these indexes do not know yet. Call `catch_up` after each batch."""

    def __init__(self) -> None:
        self._page_ids: list[int] = []

    def add(self, page_id: int) -> None:
        self._page_ids.append(page_id)

    def catch_up(self) -> None:
        ids, self._page_ids = self._page_ids, []
        pages = list(GroupPage.objects.filter(pk__in=ids))
        for page in pages:
            ReferenceIndex.create_or_update_for_object(page)
        for backend in get_search_backends(with_auto_update=True):
            if pages:
                backend.add_bulk(GroupPage, pages)


@contextmanager
def updated_in_batches() -> Iterator[Behind]:
    """Inside, saving a group leaves both indexes alone; tell `add` of each page that was written."""
    behind = Behind()
    was_connected = post_save.disconnect(post_save_signal_handler, sender=GroupPage)
    try:
        with disable_reference_index_auto_update():
            yield behind
    finally:
        if was_connected:
            post_save.connect(post_save_signal_handler, sender=GroupPage)
        behind.catch_up()
