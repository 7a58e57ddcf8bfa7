"""What several listings share (venues, organisations, terms): a change to one passes all of them through the door."""

from collections.abc import Iterable
from uuid import UUID

from django.db import models, transaction
from django.db.models.signals import post_delete, pre_delete

from groups.listings import changes


class SharedByListings(models.Model):
    """Saving or deleting it brings the index of every group that uses it up to date, in the same transaction."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        with transaction.atomic(), changes.together():
            super().save(*args, **kwargs)
            changes.listing_changed(*self.listings_using())

    def listings_using(self) -> Iterable[UUID]:
        """Public ids of the groups that show something of this."""
        raise NotImplementedError


def _remember_listings(sender, instance, **kwargs) -> None:
    if isinstance(instance, SharedByListings):
        instance._listings_before_delete = list(instance.listings_using())  # type: ignore[attr-defined]


def _pass_listings(sender, instance, **kwargs) -> None:
    if isinstance(instance, SharedByListings):
        changes.listing_changed(*instance._listings_before_delete)  # type: ignore[attr-defined]


def connect() -> None:
    """Deletions come from querysets too, which call no `delete` method: listen to Django's own signals."""
    pre_delete.connect(_remember_listings, dispatch_uid="waymark.remember_listings")
    post_delete.connect(_pass_listings, dispatch_uid="waymark.pass_listings")
