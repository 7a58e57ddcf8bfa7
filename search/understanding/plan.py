"""What an engine has to look for, worked out once from the query, the same for every engine."""

from dataclasses import dataclass

from groups.vocabulary.lexicon import Found, Lexicon, Meaning
from groups.vocabulary.words import STOP_WORDS, stem, words
from search import ranking
from search.index.document import CERTAINTIES, concept
from search.understanding.senses import senses_of

_NEED, _ACTIVITY, _CIRCUMSTANCE = "need", "activity", "circumstance"


@dataclass(frozen=True, slots=True)
class Span:
    """One phrase of the vocabulary in the query: concept lexemes and what each is worth, and the weight of the phrase.

    very: the stem of the word that by itself says as much; "" for none. A listing that says "bingo", other than as the place
    where it meets, is more about it than others of the topic that bingo belongs to.
    """

    worth: dict[str, float]
    weight: float = 1.0
    very: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """terms: stems of the words that carry a topic.

    spans: phrases of the vocabulary. meaning_text: what the language model reads; "" for nothing. topic_texts: what it
    reads beside it: the understood topics in plain words, with what each weighs. sense: terms that phrases of like meaning
    speak of, where the words themselves stand in no phrase. share_understood: how much of the text the spans speak for, 0 to 1.
    """

    terms: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    meaning_text: str = ""
    topic_texts: tuple[tuple[str, float], ...] = ()
    sense: Span | None = None
    share_understood: float = 1.0

    @property
    def looks_for_text(self) -> bool:
        return bool(self.terms or self.spans or self.meaning_text)


def plan_for(
    text: str, found: list[Found], lexicon: Lexicon, *, extra: tuple[Meaning, ...] = (), meaning: str = ""
) -> Plan:
    """The plan for a text (spelling corrected, filters and place taken out).

    found: the phrases of the vocabulary in it. extra: terms that its filters speak of. meaning: the words for the model.
    """
    split = words(text)
    topical = [word for word in split if word not in STOP_WORDS]
    terms = tuple(dict.fromkeys(map(stem, topical or split)))
    few = len(terms) <= ranking.VERY_WORD_OF
    spans = [
        _span(one.meanings, lexicon, very=_very_word(one, split, lexicon) if few else "")
        for one in found
        if one.meanings
    ]
    if extra:
        spans.append(_span(extra, lexicon))
    share = _share_understood(split, found) if found else 1.0
    topics = {_topic_text(one.meanings, lexicon): share for one in found if one.meanings}
    sense: dict[str, float] = {}
    for meaning_of, likeness in senses_of(meaning, lexicon) if meaning else ():
        topics.setdefault(_topic_text((meaning_of,), lexicon), likeness)
        for lexeme, worth in _span((meaning_of,), lexicon).worth.items():
            sense[lexeme] = max(sense.get(lexeme, 0.0), round(worth * likeness, 6))
    return Plan(
        terms=terms,
        spans=tuple(span for span in spans if span.worth),
        meaning_text=meaning,
        topic_texts=tuple(topics.items()),
        sense=Span(sense) if sense else None,
        share_understood=share,
    )


def _share_understood(split: list[str], found: list[Found]) -> float:
    """One word of a long sentence says less of what it is about ("black stuff growing on the bedroom wall")."""
    spoken_for = {place for one in found if one.meanings for place in range(one.start, one.end)}
    topical = [place for place, word in enumerate(split) if word not in STOP_WORDS or place in spoken_for]
    if not topical or not spoken_for:
        return 1.0
    return round((len(spoken_for & set(topical)) / len(topical)) ** 0.5, 6)


def _topic_text(meanings: tuple[Meaning, ...], lexicon: Lexicon) -> str:
    """What a phrase of the vocabulary is about, for the language model: its topics and what helps with them."""
    parts: dict[str, None] = {}
    for meaning in meanings:
        parts[lexicon.labels[meaning]] = None
        for activity, _strength in lexicon.helps.get(meaning.slug, ())[:2] if meaning.kind == _NEED else ():
            parts[lexicon.labels[Meaning(_ACTIVITY, activity)]] = None
    return ". ".join(parts)


def _very_word(found: Found, split: list[str], lexicon: Lexicon) -> str:
    """The stem of the one topic word of a phrase, where it alone means the same ("new to the area" is not about new things)."""
    topical = [word for word in split[found.start : found.end] if word not in STOP_WORDS]
    if len(topical) != 1:
        return ""
    alone = {meaning for one in lexicon.find_in(topical) for meaning in one.meanings}
    return stem(topical[0]) if alone.intersection(found.meanings) else ""


def _span(meanings: tuple[Meaning, ...], lexicon: Lexicon, *, very: str = "") -> Span:
    worth: dict[str, float] = {}

    def add(kind: str, slug: str, value: float) -> None:
        for certainty in CERTAINTIES:
            lexeme = concept(kind, slug, certainty)
            worth[lexeme] = max(worth.get(lexeme, 0.0), round(value * ranking.CERTAINTY[certainty], 6))

    for meaning in meanings:
        if meaning.kind in (_NEED, _ACTIVITY, _CIRCUMSTANCE):
            add(meaning.kind, meaning.slug, 1.0)
        if meaning.kind == _NEED:
            for activity, strength in lexicon.helps.get(meaning.slug, ()):
                add(_ACTIVITY, activity, ranking.HELPING_ACTIVITY * strength)
    only_who = all(meaning.kind == _CIRCUMSTANCE for meaning in meanings)
    return Span(worth, ranking.CIRCUMSTANCE_WEIGHT if only_who else 1.0, very)
