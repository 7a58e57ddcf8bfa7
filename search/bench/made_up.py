"""Listings made up from a seed: real towns, words as often as in real texts, sessions and facts as groups have them.

A listing depends on its number and the vocabulary alone, so that a corpus can be continued and is the same on every machine.
"""

import random
from bisect import bisect
from collections.abc import Sequence
from datetime import date, time, timedelta
from functools import cache
from itertools import accumulate
from uuid import UUID

from groups.listings.choices import AccessFeature
from groups.listings.public import (
    PublicAnswer,
    PublicContact,
    PublicListing,
    PublicPlace,
    PublicServed,
    PublicSession,
    PublicTopic,
)
from groups.places import place_file
from groups.places.place_file import Place
from groups.schedule.rules import DateChange, Frequency, Rule
from groups.vocabulary.lexicon import Lexicon, Meaning
from groups.vocabulary.words import STOP_WORDS, words

SEED = 20_261
_MADE_WORDS = 4_000
_HEAD = 20  # Zipf's law as Mandelbrot mended it: no word stands in more than a third of the texts
_FIRST = ("ba", "ca", "de", "fe", "ga", "he", "ke", "lo", "ma", "ne", "po", "ra", "so", "to", "vi", "wo")
_LAST = (
    "bin",
    "cor",
    "den",
    "fel",
    "gar",
    "hem",
    "kin",
    "lan",
    "mer",
    "nor",
    "pel",
    "ros",
    "sal",
    "ten",
    "wal",
)
_HALLS = (
    "Village Hall",
    "Community Centre",
    "Library",
    "Methodist Church Hall",
    "Leisure Centre",
    "Town Hall",
)
_STARTS = [time(hour, minute) for hour in range(9, 21) for minute in (0, 30)]
_KINDS = ("weekly",) * 14 + ("monthly",) * 3 + ("online", "online", "telephone", "home", "home")


class Maker:
    """Makes listing after listing. `places` are the towns by people; `weighted` picks a word as often as it is written."""

    def __init__(self, lexicon: Lexicon, today: date, seed: int = SEED):
        self.lexicon, self.today, self.seed = lexicon, today, seed
        self.topics = {
            kind: [_topic(meaning, lexicon) for meaning in lexicon.labels if meaning.kind == kind]
            for kind in ("activity", "need", "circumstance", "language")
        }
        self.phrases = {
            kind: [
                phrase for meaning, said in lexicon.said.items() if meaning.kind == kind for phrase in said
            ]
            for kind in self.topics
        }
        self.words = _all_words(lexicon, random.Random(seed))  # noqa: S311 (nothing secret is made here)
        self._word_weights = list(accumulate(1 / (rank + _HEAD) for rank in range(len(self.words))))
        self._topic_weights = {
            kind: list(accumulate(1 / (rank + 3) for rank in range(len(topics))))
            for kind, topics in self.topics.items()
        }
        self.places, self._place_weights = _towns()

    def listing(self, number: int) -> PublicListing:
        """The listing of a number: the same each time."""
        chance = random.Random(self.seed * 1_000_003 + number)  # noqa: S311
        town = self.town(chance)
        activities = self._some_topics(chance, "activity", 1, 2)
        needs = self._some_topics(chance, "need", 0, 3)
        phrase = chance.choice(self.lexicon.said[Meaning("activity", activities[0].slug)] or ("friends",))
        name = f"{town.name} {phrase} {chance.choice(('group', 'club', 'circle', self.word(chance)))}".title()
        who = chance.choice(self.phrases["circumstance"])
        confirmed = chance.random() < 0.6
        checked = self.today - timedelta(days=int(chance.random() ** 2 * 900))
        capacity = chance.choice(("space", "space", "full", "waiting_list", "unknown", "unknown"))
        status = chance.choices(("open", "paused", "closed"), (95, 3, 2))[0]
        return PublicListing(
            uid=UUID(int=chance.getrandbits(128), version=4),
            name=name[:200],
            path=f"/groups/made-up-{number}/",
            summary=f"{phrase.capitalize()} for {who} in {town.name}, with {self._text(chance, 3)}.",
            description=f"{self._text(chance, 12)}. {self._text(chance, 14)}. {self._text(chance, 9)}.",
            organisation=f"{town.name} {self.word(chance)} {self.word(chance)}".title(),
            activities=activities,
            needs=needs,
            circumstances=self._some_topics(chance, "circumstance", 0, 2),
            languages=self._some_topics(chance, "language", 0, 1) if chance.random() < 0.15 else (),
            tags=(self.word(chance),) if chance.random() < 0.3 else (),
            age_min=chance.choice((None, None, None, 11, 16, 18, 18, 50)),
            age_max=chance.choice((None, None, None, None, 25, 70)),
            gender=chance.choices(("anyone", "women", "men"), (90, 7, 3))[0],
            children_young_people=chance.random() < 0.15,
            outdoors_nature=chance.random() < 0.15,
            cost_kind=chance.choice(("free", "free", "donation", "paid", "varies", "unknown")),
            joining_kind=chance.choice(
                ("drop_in", "drop_in", "contact_first", "book", "referral", "unknown")
            ),
            sessions=self._sessions(chance, town),
            served=self._served(chance, town),
            access=tuple(PublicAnswer(feature, "yes") for feature in _features(chance)),
            contacts=(PublicContact("phone", f"01632 960{chance.randrange(1000):03}"),),
            accepts_referrals=chance.choice(("yes", "no", "unknown")),
            status=status,
            closed_on=self.today - timedelta(days=chance.randrange(400)) if status == "closed" else None,
            capacity=capacity,
            capacity_on=self.today - timedelta(days=chance.randrange(60)) if capacity != "unknown" else None,
            stage=chance.choices(("listed", "ready", "quality"), (80, 15, 5))[0],
            confirmed_on=checked if confirmed else None,
            confirmed_by="group" if confirmed else "",
            source_name="" if confirmed else "Made up",
            source_date=None if confirmed else checked,
            first_published_on=self.today - timedelta(days=900),
        )

    def word(self, chance: random.Random) -> str:
        """A word, drawn as often as texts write it."""
        return self.words[bisect(self._word_weights, chance.random() * self._word_weights[-1])]

    def town(self, chance: random.Random) -> Place:
        """A town, village or suburb, the larger the likelier."""
        return self.places[bisect(self._place_weights, chance.random() * self._place_weights[-1])]

    def _text(self, chance: random.Random, count: int) -> str:
        return " ".join(self.word(chance) for _ in range(count)).capitalize()

    def _some_topics(
        self, chance: random.Random, kind: str, least: int, most: int
    ) -> tuple[PublicTopic, ...]:
        topics, weights = self.topics[kind], self._topic_weights[kind]
        found = (
            topics[bisect(weights, chance.random() * weights[-1])] for _ in range(chance.randint(least, most))
        )
        return tuple(dict.fromkeys(found))

    def _sessions(self, chance: random.Random, town: Place) -> tuple[PublicSession, ...]:
        place = _near(chance, town)
        return tuple(
            self._session(chance, number, place if chance.random() < 0.7 else _near(chance, town))
            for number in range(chance.choice((1, 1, 1, 2, 2, 3)))
        )

    def _session(self, chance: random.Random, number: int, place: PublicPlace) -> PublicSession:
        kind = chance.choice(_KINDS)
        uid = f"session-{number}"
        if kind in ("telephone", "home"):
            return PublicSession(uid, kind, Rule(Frequency.ARRANGED))
        start = chance.choice(_STARTS)
        rule = Rule(
            Frequency.MONTHLY if kind == "monthly" else Frequency.WEEKLY,
            weekdays=(chance.choice((0, 1, 1, 2, 2, 3, 3, 4, 5, 6)),),
            weeks_of_month=(chance.choice((1, 2, 3, 4, -1)),) if kind == "monthly" else (),
            interval=2 if kind == "weekly" and chance.random() < 0.1 else 1,
            first_date=self.today - timedelta(days=chance.randrange(28)),
            until=self.today + timedelta(days=chance.randrange(300)) if chance.random() < 0.1 else None,
            start=start,
            end=time(min(start.hour + chance.choice((1, 2, 2)), 23), start.minute),
        )
        cancelled = self.today + timedelta(days=chance.randrange(14))
        return PublicSession(
            uid,
            "online" if kind == "online" else "in_person",
            rule,
            place=None if kind == "online" else place,
            access=() if kind == "online" else tuple(_features(chance)),
            changes=(DateChange(cancelled),) if chance.random() < 0.02 else (),
        )

    def _served(self, chance: random.Random, town: Place) -> tuple[PublicServed, ...]:
        if chance.random() < 0.6:
            return ()
        kind = chance.choices(("radius", "district", "country"), (5, 4, 1))[0]
        if kind == "country":
            return (PublicServed("country"),)
        if kind == "district":
            return (PublicServed("district", town.district, district_code=town.district_code),)
        miles = float(chance.choice((3, 5, 10, 20)))
        return (
            PublicServed("radius", town.name, latitude=town.latitude, longitude=town.longitude, miles=miles),
        )


def _topic(meaning: Meaning, lexicon: Lexicon) -> PublicTopic:
    return PublicTopic(meaning.slug, lexicon.labels[meaning], lexicon.family.get(meaning.slug, ""))


def _features(chance: random.Random) -> Sequence[str]:
    return chance.sample(AccessFeature.values, chance.randrange(5))


def _near(chance: random.Random, town: Place) -> PublicPlace:
    """A hall within a few miles of the middle of a town: larger towns are wider."""
    spread = 0.004 + min(town.people, 500_000) / 500_000 * 0.03
    return PublicPlace(
        name=f"{town.name} {chance.choice(_HALLS)}",
        address=f"{chance.randrange(1, 200)} Church Road",
        town=town.name,
        latitude=round(chance.gauss(town.latitude, spread), 5),
        longitude=round(chance.gauss(town.longitude, spread * 1.6), 5),
    )


def _all_words(lexicon: Lexicon, chance: random.Random) -> list[str]:
    """The vocabulary's words and as many made ones again and more, the most written first."""
    known = {
        word
        for said in lexicon.said.values()
        for phrase in said
        for word in words(phrase)
        if word.isalpha() and len(word) > 2 and word not in STOP_WORDS
    }
    made: dict[str, None] = {}
    while len(made) < _MADE_WORDS:
        word = "".join((*chance.choices(_FIRST, k=chance.choice((1, 2, 2))), chance.choice(_LAST)))
        if word not in known:
            made[word] = None
    found = [*sorted(known), *made]
    chance.shuffle(found)
    return found


@cache
def _towns() -> tuple[list[Place], list[float]]:
    index = place_file.index()
    places = [place for row in range(len(index)) if (place := index.place(row)).letter in "ctva"]
    return places, list(accumulate(max(place.people, 50) for place in places))
