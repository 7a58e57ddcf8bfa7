"""Making and keeping the vectors of listings. They follow a listing's commit within seconds; a command mends the rest."""

import hashlib
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import numpy as np
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q

from groups.listings.changes import ChangeCounter, Progress, many_are_coming
from groups.listings.public import PublicListing
from groups.vocabulary.lexicon import lexicon
from search.index import outbox
from search.index.models import IndexedListing, ListingVector, PhraseVector
from search.meaning.encoder import MeaningModel
from search.meaning.model import model
from search.meaning.texts import listing_texts
from search.meaning.vectors import FloatRows, quantise, unit
from search.understanding.senses import phrases_of

BATCH = 32
_PHRASES = 256
SENTENCES_PULL = 0.5
logger = logging.getLogger(__name__)


def texts_of(listing: PublicListing) -> list[str]:
    """The texts whose vectors stand for a listing: first the one for the first pass, then its best sentences."""
    topics = [topic.label for topic in (*listing.activities, *listing.needs) if not topic.suggested]
    return listing_texts(listing.name, listing.summary, listing.description, topics)


def first_pass(vectors: FloatRows) -> FloatRows:
    """A listing's vectors with the first drawn towards the mean of its sentences', so that what only a sentence says ("Board
    games. Ukulele on Mondays.") brings it among those that are looked at closely.
    """
    if len(vectors) < 2:
        return vectors
    first = unit(vectors[0] + SENTENCES_PULL * unit(vectors[1:].mean(axis=0)))
    return np.concatenate([first[None, :], vectors[1:]]).astype(np.float32)


def make_vectors(
    progress: Callable[[int, int], None] = lambda done, total: None, only: Sequence[UUID] | None = None
) -> int:
    """Make the vectors that are missing, or were made from other words or by another model. Returns how many were made."""
    opened = model()
    if opened is None:
        return 0
    rows = IndexedListing.objects.filter(gone=False)
    if only is not None:
        rows = rows.filter(uid__in=list(only))
    else:
        # A vector is as new as its listing when it was made at that version of the listing.
        rows = rows.filter(
            Q(vector=None) | ~Q(vector__model=opened.name) | Q(vector__version__lt=F("version"))
        )
    ids = list(rows.values_list("pk", flat=True))
    made = 0
    for start in range(0, len(ids), BATCH):
        made += _make(ids[start : start + BATCH], opened)
        progress(min(start + BATCH, len(ids)), len(ids))
    return made


def _make(ids: list[int], opened: MeaningModel) -> int:
    rows = {row.pk: row for row in IndexedListing.objects.filter(pk__in=ids, gone=False)}
    texts = {pk: texts_of(PublicListing.from_json(row.document)) for pk, row in rows.items()}
    sources = {pk: hashlib.sha256("\n".join(mine).encode()).hexdigest()[:32] for pk, mine in texts.items()}
    known = dict(ListingVector.objects.filter(pk__in=rows, model=opened.name).values_list("pk", "source"))
    wanted = [pk for pk in rows if known.get(pk) != sources[pk]]
    flat = [text for pk in wanted for text in texts[pk]]
    encoded = opened.encode(flat) if flat else np.zeros((0, opened.dimensions), np.float32)
    with transaction.atomic():
        change = ChangeCounter.raise_by(ChangeCounter.VECTORS, 1)
        place, made = 0, []
        for pk in wanted:
            mine = quantise(first_pass(encoded[place : place + len(texts[pk])]))
            place += len(texts[pk])
            made.append(
                ListingVector(
                    listing_id=pk,
                    change=change,
                    version=rows[pk].version,
                    model=opened.name,
                    source=sources[pk],
                    vectors=mine.tobytes(),
                )
            )
        # A listing deleted meanwhile takes no vector.
        alive = set(IndexedListing.objects.filter(pk__in=wanted).values_list("pk", flat=True))
        ListingVector.objects.bulk_create(
            [vector for vector in made if vector.listing_id in alive],
            update_conflicts=True,
            unique_fields=["listing"],
            update_fields=["change", "version", "model", "source", "vectors"],
        )
        outbox.note_vectors(alive)
        for pk in rows.keys() - set(wanted):
            ListingVector.objects.filter(pk=pk).update(version=rows[pk].version)
    return len(wanted)


def make_phrase_vectors(progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Make the vectors of the vocabulary's phrases that have none yet, and drop those nobody says any more."""
    opened = model()
    if opened is None:
        return 0
    wanted = sorted({phrase[:200] for phrase in phrases_of(lexicon())})
    known = set(PhraseVector.objects.filter(model=opened.name).values_list("phrase", flat=True))
    missing = [phrase for phrase in wanted if phrase not in known]
    for start in range(0, len(missing), _PHRASES):
        some = missing[start : start + _PHRASES]
        vectors = quantise(opened.encode(some))
        with transaction.atomic():
            ChangeCounter.raise_by(ChangeCounter.PHRASES, 1)
            PhraseVector.objects.bulk_create(
                [
                    PhraseVector(phrase=phrase, model=opened.name, vector=vector.tobytes())
                    for phrase, vector in zip(some, vectors, strict=True)
                ],
                update_conflicts=True,
                unique_fields=["phrase"],
                update_fields=["model", "vector"],
            )
        progress(min(start + _PHRASES, len(missing)), len(missing))
    gone = known - set(wanted)
    for start in range(0, len(gone), _PHRASES):
        with transaction.atomic():
            ChangeCounter.raise_by(ChangeCounter.PHRASES, 1)
            PhraseVector.objects.filter(phrase__in=sorted(gone)[start : start + _PHRASES]).delete()
    return len(missing)


# --- following a commit -----------------------------------------------------------------------------

_worker = ThreadPoolExecutor(1, thread_name_prefix="waymark-vectors")


def follow(uids: Sequence[UUID]) -> None:
    """After the commit, make the vectors of these listings; in a thread, so that no save waits for it.

    WAYMARK_VECTORS: "thread" (the default), "now" (in the same thread, for tests and imports), or "later" (the command's work).
    """
    how = settings.WAYMARK_VECTORS
    if how == "later" or many_are_coming() or model() is None:
        return
    if how == "now":
        transaction.on_commit(lambda: make_vectors(only=uids))
    else:
        transaction.on_commit(lambda: _worker.submit(_make_in_thread, list(uids)))


def _make_in_thread(uids: list[UUID]) -> None:
    try:
        make_vectors(only=uids)
    except Exception:
        # Nothing is lost: `make_vectors` finds what is missing.
        logger.exception("Vectors of %s listings were not made; manage.py make_vectors will", len(uids))
    finally:
        connection.close()


def finish(progress: Progress) -> None:
    """After an import: make what is missing, with progress, unless that is the command's work."""
    if settings.WAYMARK_VECTORS != "later":
        make_vectors(progress)
