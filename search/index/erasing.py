"""Words that must not stay in the index: those of a place that was hidden (`model.md`, "Venues and private places")."""

from uuid import UUID

from django.db import transaction

from groups.places.names import fold
from search.index.models import IndexedListing, SpellingWord
from search.index.writer import forget_known_spellings


def erase_words(uid: UUID, texts: set[str]) -> None:
    """Forget the words of these texts for spelling, unless another listing says them too."""
    words = {word for text in texts for word in fold(text).split()}
    others = IndexedListing.objects.exclude(uid=uid)
    for spelling in SpellingWord.objects.filter(word__in=words):
        if not others.filter(document__icontains=spelling.word).exists():
            spelling.delete()
    transaction.on_commit(forget_known_spellings)
