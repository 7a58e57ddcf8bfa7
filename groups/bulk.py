"""Writing many pages at once: what Wagtail keeps up to date row by row is written again afterwards, whole.

Wagtail's reference index and its own search take most of the time of a page's publication (`model.md`, "Speed of
Wagtail itself"). Our own index is not concerned: it is written through `listing_changed`, in the same transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import transaction
from django.db.models.signals import post_save
from django.utils import timezone
from modelsearch.index import get_indexed_models
from modelsearch.signal_handlers import post_save_signal_handler
from wagtail.log_actions import log
from wagtail.models import Page
from wagtail.signal_handlers import disable_reference_index_auto_update

from groups.listings.models import GroupPage


@contextmanager
def without_wagtails_indexes() -> Iterator[None]:
    """Leave Wagtail's reference index and search as they are, in this process. Call `renew_wagtails_indexes` after."""
    models = [
        model
        for model in get_indexed_models()
        if post_save.disconnect(post_save_signal_handler, sender=model)
    ]
    try:
        with disable_reference_index_auto_update():
            yield
    finally:
        for model in models:
            post_save.connect(post_save_signal_handler, sender=model)


def publish_new(page: GroupPage, parent: Page) -> None:
    """Put a new group live under `parent`, with its first revision and its log, writing its rows once.

    Wagtail's own way (a draft page, a revision, its publication) writes every row twice and reads it back between:
    twice the queries for the same result. Not for a page that exists.
    """
    page.live, page.has_unpublished_changes = True, False
    page.first_published_at = page.last_published_at = timezone.now()
    with transaction.atomic():
        # The row lock keeps two writers from taking the same place in the tree.
        Page.objects.select_for_update().get(pk=parent.pk).add_child(instance=page)
        page.live_revision = page.save_revision(changed=False)
        GroupPage.objects.filter(pk=page.pk).update(live_revision=page.live_revision)
        log(page, "wagtail.publish", revision=page.live_revision)


def renew_wagtails_indexes() -> None:
    """Write Wagtail's reference index and search again from the rows that are there."""
    call_command("rebuild_references_index", verbosity=0)
    call_command("update_index", verbosity=0)
