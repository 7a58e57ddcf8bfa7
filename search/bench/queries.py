"""What people ask, made up from the same towns, words and phrases as the corpus: the kinds of `search.md`, and a few beside."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from groups.places.gazetteer import Spot, resolve
from groups.places.place_file import Place
from groups.places.spots import spot_of_place
from search.bench.made_up import Maker
from search.query import DirectoryQuery, Sort

_SENTENCES = (
    "somewhere warm to sit",
    "I've just moved here and don't know anyone",
    "my mum has dementia and I'm exhausted",
    "something for a bored 14 year old on a saturday",
    "help filling in a form",
    "I feel low and never go out",
)
_CITIES = ("London", "Birmingham", "Leeds", "Glasgow", "Sheffield", "Bristol", "Chelmsford", "Brighton")
MIX = ("text", "need and radius", "text and radius", "radius only", "serving my home", "online", "misspelt")
"""The kinds that the targets of `search.md` were measured on."""


@dataclass(frozen=True, slots=True)
class Asked:
    kind: str
    query: DirectoryQuery


def queries(maker: Maker, seed: int = 7) -> list[Asked]:
    """The same some 200 queries for a seed and a vocabulary, by kind."""
    return [Asked(kind, query) for kind, made in _Queries(maker, seed).kinds().items() for query in made]


def texts(asked: Sequence[Asked]) -> list[str]:
    """The texts among the queries, each once."""
    return list(dict.fromkeys(one.query.text for one in asked if one.query.text))


def prefixes(maker: Maker, seed: int = 7) -> list[str]:
    """What stands in the box while people type: two letters to a whole word of topics, names and towns."""
    chance = random.Random(seed)  # noqa: S311 (nothing secret is made here)
    texts = [
        *chance.sample(maker.phrases["activity"], 20),
        *chance.sample(maker.phrases["need"], 15),
        *(maker.listing(chance.randrange(9_000)).name for _ in range(15)),
        *(maker.town(chance).name for _ in range(15)),
    ]
    return [text[:length] for text in texts for length in (2, 3, 5, 8)]


class _Queries:
    def __init__(self, maker: Maker, seed: int):
        self._maker = maker
        self._chance = random.Random(seed)  # noqa: S311

    def kinds(self) -> dict[str, list[DirectoryQuery]]:
        return {
            "text": [DirectoryQuery(text=text) for text in self._texts()],
            "need and radius": self._many(
                24, lambda: self._at(needs=(self._slug("need"),), radius=self._miles())
            ),
            "text and radius": [self._at(text=text, radius=self._miles()) for text in self._texts()],
            "radius only": self._many(24, lambda: self._at(radius=self._miles())),
            "serving my home": self._many(24, lambda: self._at(modes=("home",))),
            "online": [DirectoryQuery(text=text, modes=("online",)) for text in ("", *self._texts()[:23])],
            "misspelt": [
                query
                for phrase in self._phrases(12, "activity", longest=7)
                for query in (DirectoryQuery(text=self._slip(phrase)), self._at(text=self._slip(phrase)))
            ],
            "facets chosen": list(self._with_facets()),
            "day and place": self._many(16, self._day_and_place),
            "sorted": [
                self._at(sort=sort, radius=radius)
                for sort in (Sort.NEAREST, Sort.SOONEST, Sort.CHECKED)
                for radius in (3.0, 10.0, 20.0, 50.0)
            ],
            "deep pages": [
                DirectoryQuery(page=page, place=place, radius=50.0 if place else None)
                for page in (2, 10, 50, 200)
                for place in (None, self._city())
            ],
            "everything": [DirectoryQuery(), DirectoryQuery(sort=Sort.SOONEST), DirectoryQuery(cost="free")],
        }

    @staticmethod
    def _many(count: int, make: Callable[[], DirectoryQuery]) -> list[DirectoryQuery]:
        return [make() for _ in range(count)]

    def _texts(self) -> list[str]:
        """Topics as people say them, words of a listing, names, sentences."""
        some = [self._maker.listing(self._chance.randrange(9_000)) for _ in range(8)]
        return [
            *self._phrases(6, "activity"),
            *self._phrases(4, "need"),
            *(
                " ".join(self._chance.sample(listing.description.strip(".").split(), 2))
                for listing in some[:4]
            ),
            *(listing.name for listing in some[4:]),
            *_SENTENCES,
        ]

    def _phrases(self, count: int, kind: str, longest: int = 0) -> list[str]:
        """Phrases of the vocabulary, with a word of so many letters at least."""
        fitting = [
            phrase
            for phrase in self._maker.phrases[kind]
            if max(map(len, phrase.split())) >= longest and phrase.replace(" ", "").isalpha()
        ]
        return self._chance.sample(fitting, count)

    def _at(self, **asked) -> DirectoryQuery:
        spot = self._city() if self._chance.random() < 0.4 else spot_of_place(self._town())
        return DirectoryQuery(place=spot, place_text=spot.label, **asked)

    def _town(self) -> Place:
        return self._maker.town(self._chance)

    def _city(self) -> Spot:
        return resolve(self._chance.choice(_CITIES))

    def _miles(self) -> float:
        return float(self._chance.choice((1, 3, 3, 5, 5, 10, 20)))

    def _slug(self, kind: str) -> str:
        return self._chance.choice(self._maker.topics[kind][:30]).slug

    def _slip(self, phrase: str) -> str:
        """One slip in the longest word: a letter left out, doubled, or two changed about."""
        longest = max(phrase.split(), key=len)
        at = self._chance.randrange(1, len(longest) - 1)
        slipped = self._chance.choice(
            (
                longest[:at] + longest[at + 1 :],
                longest[:at] + longest[at] + longest[at:],
                longest[:at] + longest[at + 1] + longest[at] + longest[at + 2 :],
            )
        )
        return phrase.replace(longest, slipped)

    def _with_facets(self) -> Iterator[DirectoryQuery]:
        for _ in range(8):
            yield self._at(activities=(self._slug("activity"),), cost="low", radius=10.0)
            yield self._at(
                text=self._phrases(1, "activity")[0],
                joining=("drop_in",),
                access=("step_free",),
                gender="women",
            )
            yield self._at(times=("evening",), modes=("in_person",), age=34)

    def _day_and_place(self) -> DirectoryQuery:
        day = self._chance.choice(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
        time = self._chance.choice(((), ("morning",), ("evening",)))
        return self._at(days=(day,), times=time, radius=self._miles())
