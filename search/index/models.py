"""The embedded index's rows: what the door writes in the transaction of each change.

Words live beside them in a full-text table of the database's own kind (`search.index.words`).
"""

from django.db import models


class IndexedListing(models.Model):
    """A listing as the index holds it. `id` names it in the full-text table and in every process's columns.

    version: the listing's counter value at this write; processes read the rows with a higher one than they have seen.
    gone: no longer findable; the row stays until the next rebuild so that every process hears of it.
    document: the `PublicListing` as JSON. facts, sessions, served, facets: packed as `search.index.records` says.
    """

    uid = models.UUIDField(unique=True)
    version = models.BigIntegerField(db_index=True)
    gone = models.BooleanField(default=False)
    name = models.CharField(max_length=255, blank=True)
    document = models.TextField(blank=True)
    facts = models.BinaryField(default=b"")
    sessions = models.BinaryField(default=b"")
    served = models.BinaryField(default=b"")
    facets = models.BinaryField(default=b"")


class Facet(models.Model):
    """A facet value and its bit. The key is "activity:craft"; the bit is the primary key."""

    key = models.CharField(max_length=100, unique=True)


class SpellingWord(models.Model):
    """A word that stands in some listing: what typing is compared with. Kept until the next rebuild."""

    word = models.CharField(max_length=40, unique=True)


class ListingVector(models.Model):
    """What a listing means, as the local model sees it: 8-bit unit vectors, the first for the first pass.

    change: the vectors' own counter, since they follow a listing after its commit. version: the listing's, when they were
    made. source: fingerprint of the texts.
    """

    listing = models.OneToOneField(
        IndexedListing, on_delete=models.CASCADE, primary_key=True, related_name="vector"
    )
    change = models.BigIntegerField(db_index=True)
    version = models.BigIntegerField()
    model = models.CharField(max_length=64)
    source = models.CharField(max_length=32)
    vectors = models.BinaryField()


class PhraseVector(models.Model):
    """What a phrase of the vocabulary means, as the local model sees it: an 8-bit unit vector."""

    phrase = models.CharField(max_length=200, primary_key=True)
    model = models.CharField(max_length=64)
    vector = models.BinaryField()


class IndexChange(models.Model):
    """The outbox: a listing that a search server has yet to hear of. Written in the transaction of the change.

    It names the listing only: what is sent is what the database says when it is sent. not_before, attempts, error: after a
    failure that was this listing's own.
    """

    uid = models.UUIDField()
    noted_at = models.DateTimeField(auto_now_add=True)
    not_before = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["not_before", "id"], name="search_change_due")]
