"""Writing the embedded index: by the door at each change, whole at a rebuild, and the check of both."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from groups.listings.boundary import listings_of
from groups.listings.changes import ListingVersion
from groups.listings.models import GroupPage
from groups.listings.public import PublicListing
from groups.vocabulary.lexicon import lexicon
from search.index import facets, table, words
from search.index.batches import in_batches
from search.index.document import IndexDocument, index_document
from search.index.models import IndexedListing, SpellingWord

BATCH = 200
_WORDS_IN_ONE_STATEMENT = 500
_SPELLINGS = SpellingWord._meta.db_table
_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_known_spellings: set[str] = set()

AfterWrite = Callable[[Sequence[UUID]], None]
_after_write: list[AfterWrite] = []


def after_write(callback: AfterWrite) -> None:
    """Have `callback(uids)` called once listings are written, in the same transaction (vectors hang on here)."""
    if callback not in _after_write:
        _after_write.append(callback)


def write_changes(versions: dict[UUID, int]) -> None:
    """The door's writer: bring the index up to date with these listings, in the caller's transaction."""
    for uids in in_batches(list(versions), BATCH):
        found = listings_of(uids)
        write_listings([(uid, versions[uid], found.get(uid)) for uid in uids])


def write_listings(rows: Sequence[tuple[UUID, int, PublicListing | None]]) -> None:
    """Put listings, with their versions, into the index; None takes one out. A row never goes back to an older version."""
    today = timezone.localdate()
    known = table.standing(uid for uid, _version, _listing in rows)
    rows = [row for row in rows if row[0] not in known or known[row[0]][1] < row[1]]
    vocabulary = lexicon()
    documents = {
        uid: index_document(listing, vocabulary, today) for uid, _version, listing in rows if listing
    }
    bits = facets.bits_of(chain.from_iterable(document.facets for document in documents.values()))

    values = {uid: _values(version, documents.get(uid), bits) for uid, version, _listing in rows}
    changed = {uid: known[uid][0] for uid in values if uid in known}
    if changed:
        words.remove(sorted(changed.values()))
        table.update([(pk, values[uid]) for uid, pk in changed.items()])
    new = table.insert([(uid, values[uid]) for uid in documents if uid not in known])
    # In their order: SQLite's full text gathers ascending ids in memory, and writes them out before a lower one.
    ascending = sorted((pk, uid) for uid, pk in {**changed, **new}.items())
    words.put((pk, documents[uid].lexemes) for pk, uid in ascending if uid in documents)
    _learn_spellings(documents.values())
    for callback in _after_write:
        callback([uid for _pk, uid in ascending])


def _values(version: int, document: IndexDocument | None, bits: dict[str, int]) -> table.Values:
    if document is None:
        return table.Values(version)
    return table.Values(
        version,
        gone=False,
        name=document.listing.name,
        document=_as_json(document.listing.to_data()),
        facts=document.facts,
        sessions=document.sessions,
        served=document.served,
        facets=facets.pack(document.facets, bits),
    )


def _learn_spellings(documents: Iterable[IndexDocument]) -> None:
    """Keep words that stand in listings, for spelling. A process asks the database only about words it has not seen."""
    fresh = set().union(*(document.spellings for document in documents)) - _known_spellings
    if not fresh:
        return
    with connection.cursor() as cursor:  # past the ORM: a new process's first rows bring thousands of words
        for some in in_batches(sorted(fresh), _WORDS_IN_ONE_STATEMENT):
            places = ",".join(["(%s)"] * len(some))
            cursor.execute(f"INSERT INTO {_SPELLINGS} (word) VALUES {places} ON CONFLICT DO NOTHING", some)  # noqa: S608
    # Only once they are committed: a rolled back write would make this process believe a word is there.
    transaction.on_commit(lambda: _known_spellings.update(fresh))


def forget_known_spellings() -> None:
    """After the words were removed from the database (a rebuild; a test's rollback)."""
    _known_spellings.clear()


def rebuild(progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Write every listing anew, and take out what should not be there. Visitors never see an empty index.

    Each batch is one transaction; the versions stay, so that a change made meanwhile wins. Returns how many are findable.
    """
    forget_known_spellings()
    uids = list(
        GroupPage.objects.order_by("translation_key").values_list("translation_key", flat=True).distinct()
    )
    findable = 0
    for done, some in enumerate(in_batches(uids, BATCH), start=1):
        with transaction.atomic():
            findable += write_again(some)
        progress(min(done * BATCH, len(uids)), len(uids))
    with transaction.atomic():
        strays = IndexedListing.objects.exclude(uid__in=GroupPage.objects.values("translation_key")).filter(
            gone=False
        )
        write_again(list(strays.values_list("uid", flat=True)))
    words.tidy()
    return findable


def write_again(uids: Sequence[UUID]) -> int:
    """Renumber, so that every process reads the rows again, and write. Returns how many are findable."""
    from groups.listings.changes import renumber

    if not uids:
        return 0
    with transaction.atomic():
        versions = renumber(uids)
        found = listings_of(uids)
        write_listings([(uid, versions[uid], found.get(uid)) for uid in uids])
    return len(found)


@dataclass
class Check:
    """What a comparison of index and database found."""

    compared: int
    missing: list[UUID]
    stray: list[UUID]
    stale: list[UUID]

    @property
    def wrong(self) -> list[UUID]:
        return [*self.missing, *self.stray, *self.stale]


def check(mend: bool = False) -> Check:
    """Compare every listing with the index; with `mend`, write what is wrong again."""
    result = Check(0, [], [], [])
    indexed = {
        uid: (pk, version)
        for pk, uid, version in IndexedListing.objects.filter(gone=False).values_list("pk", "uid", "version")
    }
    versions = dict(ListingVersion.objects.values_list("uid", "version"))
    uids = list(
        GroupPage.objects.order_by("translation_key").values_list("translation_key", flat=True).distinct()
    )
    for some in in_batches(uids, BATCH):
        found = listings_of(some)
        documents = {
            row.uid: row.document
            for row in IndexedListing.objects.filter(uid__in=some, gone=False).only("uid", "document")
        }
        for uid in some:
            result.compared += 1
            listing = found.get(uid)
            if listing is None:
                if uid in indexed:
                    result.stray.append(uid)
            elif uid not in indexed:
                result.missing.append(uid)
            elif indexed[uid][1] != versions.get(uid) or json.loads(documents[uid]) != json.loads(
                json.dumps(listing.to_data())
            ):
                result.stale.append(uid)
    result.stray += [uid for uid in indexed if uid not in set(uids)]
    result.stale += _without_words(indexed, result.stale)
    if mend and result.wrong:
        with transaction.atomic():
            for some in in_batches(result.wrong, BATCH):
                write_again(some)
    return result


def _without_words(indexed: dict[UUID, tuple[int, int]], already: list[UUID]) -> list[UUID]:
    """Listings whose row stands but whose words do not (or the other way round)."""
    with_words = words.row_ids()
    return [uid for uid, (pk, _version) in indexed.items() if pk not in with_words and uid not in already]
