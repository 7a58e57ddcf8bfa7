"""The vocabulary data hold together, and read people's sentences as meant.

`Reader` is a small reference of the matching the files are written for: fold, stem, longest whole phrase
first.
"""

import re
import unicodedata
from collections import defaultdict
from pathlib import Path

import pytest
import Stemmer
import yaml

DATA = Path(__file__).parents[3] / "groups" / "vocabulary" / "data"

# Words that mean something only beside another word.
TOO_GENERIC = frozenset(
    """
    me work school cards class bed meals time rights mind pride guides wi community appeal child kids
    phone online tools rainbow silver relate shelter recovery lift active quit skills repairs voucher
    group groups club clubs support help home house free day night week people person company hub life
    change hope spirit energy space place money food care friends mums dads families parking wheelchair
    drugs drink crisis centre service services activities it send add as us tap pots run box fish clean
    shop grow
    """.split()  # noqa: SIM905
)


def load(name: str) -> dict:
    return yaml.load((DATA / f"{name}.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


NEEDS = [need for area in load("needs")["areas"] for need in area["needs"]]
FAMILIES = load("activities")["families"]
ACTIVITIES = [term for family in FAMILIES for term in family["terms"]]
CIRCUMSTANCES = load("circumstances")["circumstances"]
LANGUAGES = load("languages")["languages"]
FILTERS = load("filters")["filters"]
NEUTRAL = load("neutral")["neutral"]
SAME = load("neutral")["same"]
PANELS = load("help_panels")["panels"]
TERMS = [*NEEDS, *ACTIVITIES, *CIRCUMSTANCES]
NEED_IDS = {need["id"] for need in NEEDS}
ACTIVITY_IDS = {term["id"] for term in ACTIVITIES}

_stemmer = Stemmer.Stemmer("english")


def fold(text: str) -> str:
    """Lower case, no accents or apostrophes, anything else that is not a letter or digit as one space."""
    plain = unicodedata.normalize("NFKD", text.lower()).replace("'", "").replace("’", "")
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", plain).split())


def key(phrase: str) -> tuple[str, ...]:
    return tuple(_stemmer.stemWords(fold(phrase).split()))


class Reader:
    def __init__(self) -> None:
        self.means: dict[tuple[str, ...], set[str]] = defaultdict(set)
        self.exact: dict[tuple[str, ...], set[str]] = defaultdict(set)
        self.urgent: dict[tuple[str, ...], set[tuple[str, bool]]] = defaultdict(set)
        self.filters = {item["id"]: item for item in FILTERS}
        self.neutral: dict[tuple[str, ...], dict] = {}
        for item in [*TERMS, *FILTERS, *LANGUAGES]:
            for phrase in item.get("say", []):
                self.means[self.words(phrase)[1]].add(item.get("id") or item["code"])
            for word in item.get("exact", []):
                self.exact[tuple(fold(word).split())].add(item["id"])
        for entry in NEUTRAL:
            for phrase in entry["say"]:
                self.neutral[self.words(phrase)[1]] = entry
        self.alone: dict[tuple[str, ...], set[tuple[str, bool]]] = defaultdict(set)
        for panel in PANELS:
            for phrase in panel["phrases"]:
                self.urgent[self.words(phrase)[1]].add((panel["id"], False))
            for phrase in panel.get("alone", ()):
                self.alone[self.words(phrase)[1]].add((panel["id"], False))
        self.soft = {n["id"]: (n["urgent"], n.get("soft", False)) for n in NEEDS if n["urgent"]}
        self.longest = max(map(len, [*self.means, *self.neutral, *self.urgent]))

    @staticmethod
    def words(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        folded = f" {fold(text)} "
        for said, meant in SAME.items():
            while f" {said} " in folded:
                folded = folded.replace(f" {said} ", f" {meant} ")
        plain = tuple(folded.split())
        return plain, tuple(_stemmer.stemWords(list(plain)))

    def spans(self, stems: tuple[str, ...], wanted) -> list[tuple[int, int]]:
        """Longest first, then leftmost; spans never overlap."""
        taken: list[tuple[int, int]] = []
        for length in range(min(self.longest, len(stems)), 0, -1):
            for start in range(len(stems) - length + 1):
                end = start + length
                free = all(end <= a or start >= b for a, b in taken)
                if free and wanted(start, end):
                    taken.append((start, end))
        return sorted(taken)

    def blocked(self, name: str, stems: tuple[str, ...], start: int, end: int) -> bool:
        rule = self.filters.get(name, {})
        before, after = stems[start - 1 : start], stems[end : end + 1]
        return bool(
            (after and after[0] in {key(w)[0] for w in rule.get("not_before", [])})
            or (before and before[0] in {key(w)[0] for w in rule.get("not_after", [])})
        )

    def read(self, text: str) -> set[str]:
        """Ids of needs, activities, circumstances and filters, and codes of languages, in the text."""
        plain, stems = self.words(text)

        def ids(start: int, end: int) -> set[str] | None:
            if stems[start:end] in self.neutral:
                return set(self.neutral[stems[start:end]].get("means") or [])
            found = self.exact.get(plain[start:end]) or self.means.get(stems[start:end]) or set()
            return {name for name in found if not self.blocked(name, stems, start, end)} or None

        found: set[str] = set()
        for start, end in self.spans(stems, lambda a, b: ids(a, b) is not None):
            found |= ids(start, end) or set()
        for item in FILTERS:
            found |= (
                {item["id"]} if "pattern" in item and re.search(item["pattern"], " ".join(plain)) else set()
            )
            found |= set(item.get("means", [])) if item["id"] in found else set()
        return found

    def panels(self, text: str) -> dict[str, bool]:
        """Panels to show: id to soft. A full panel beats a soft one."""
        _, stems = self.words(text)
        shown: set[tuple[str, bool]] = {self.soft[name] for name in self.read(text) if name in self.soft}
        shown |= self.alone.get(stems, set())
        shields = self.spans(stems, lambda a, b: stems[a:b] in self.neutral)
        for a, b in shields:
            entry = self.neutral[stems[a:b]]
            shown |= {(entry["urgent"], entry.get("soft", False))} if entry.get("urgent") else set()
        for start in range(len(stems)):
            for end in range(start + 1, len(stems) + 1):
                if not any(a <= start and end <= b for a, b in shields):
                    shown |= self.urgent.get(stems[start:end], set())
        return {panel: all(soft for name, soft in shown if name == panel) for panel, _ in shown}


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def ids_of(items: list[dict]) -> list[str]:
    return [item["id"] for item in items]


def phrases_of(items: list[dict], field: str = "say") -> list[tuple[str, str]]:
    return [(item.get("id", ""), phrase) for item in items for phrase in item.get(field) or []]


def test_there_are_enough_phrases():
    assert len({key(phrase) for _, phrase in phrases_of(TERMS)}) >= 1700
    assert len(NEUTRAL) >= 80
    assert len({key(phrase) for _, phrase in phrases_of(PANELS, "phrases")}) >= 120
    assert len({language["code"] for language in LANGUAGES}) == len(LANGUAGES) >= 40


@pytest.mark.parametrize(
    "items",
    [NEEDS, ACTIVITIES, CIRCUMSTANCES, FILTERS, PANELS],
    ids=["needs", "acts", "circ", "filters", "panels"],
)
def test_ids_are_unique(items):
    assert len(ids_of(items)) == len(set(ids_of(items)))


def test_every_phrase_is_folded():
    everything = [*TERMS, *FILTERS, *LANGUAGES, *NEUTRAL]
    said = phrases_of(everything) + phrases_of(everything, "exact")
    said += phrases_of(PANELS, "phrases") + phrases_of(PANELS, "alone")
    assert [
        (term, phrase) for term, phrase in said if not isinstance(phrase, str) or phrase != fold(phrase)
    ] == []


def test_a_phrase_stands_once_in_its_term():
    twice = []
    for term in [*TERMS, *PANELS, *LANGUAGES]:
        seen: dict[tuple[str, ...], str] = {}
        for phrase in term.get("say") or term.get("phrases") or []:
            form = (fold(phrase),) if "phrases" in term else key(phrase)
            if form in seen:
                twice.append((term.get("id") or term["code"], seen[form], phrase))
            seen[form] = phrase
    assert twice == []


def test_a_neutral_phrase_stands_nowhere_else():
    neutral = [key(phrase) for _, phrase in phrases_of(NEUTRAL)]
    elsewhere = {key(phrase) for _, phrase in phrases_of([*TERMS, *FILTERS, *LANGUAGES])}
    assert {form for form in neutral if neutral.count(form) > 1} == set()
    assert set(neutral) & elsewhere == set()


def test_no_lone_word_is_too_generic():
    lone = {phrase for _, phrase in phrases_of([*TERMS, *LANGUAGES]) if " " not in phrase}
    generic = {key(word) for word in TOO_GENERIC}
    assert {word for word in lone if key(word) in generic} == set()


def test_needs_lead_to_activities_that_exist():
    for need in NEEDS:
        assert need["activities"], need["id"]
        assert set(need["activities"]) <= ACTIVITY_IDS, need["id"]
        assert len(set(need["activities"])) == len(need["activities"]), need["id"]
        assert set(need.get("strengths", {})) <= set(need["activities"]), need["id"]
        assert all(0 < strength <= 1 for strength in need.get("strengths", {}).values()), need["id"]
        assert need["urgent"] is None or need["urgent"] in ids_of(PANELS), need["id"]


def test_every_activity_is_reached_from_a_need():
    assert {activity for need in NEEDS for activity in need["activities"]} == ACTIVITY_IDS


def test_topics_fit_on_a_button():
    for term in [*NEEDS, *ACTIVITIES]:
        assert term["short"], term["id"]
        assert len(term["short"].split()) <= 3, term["id"]
    shorts = [need["short"] for need in NEEDS]
    assert len(shorts) == len(set(shorts))


def test_related_activities_exist_and_are_two_to_four():
    for term in ACTIVITIES:
        assert 2 <= len(term["related"]) <= 4, term["id"]
        assert set(term["related"]) <= ACTIVITY_IDS - {term["id"]}, term["id"]


def test_families_have_a_colour_and_a_pillar():
    for family in FAMILIES:
        assert family["colour"] in {"moss", "plum", "blue", "brick", "ochre"}
        for term in family["terms"]:
            assert term["pillar"] in {"physical", "arts", "nature", "advice", "beyond"}, term["id"]


def test_meanings_and_panels_named_exist():
    for entry in [*NEUTRAL, *FILTERS]:
        assert set(entry.get("means") or []) <= NEED_IDS | ACTIVITY_IDS, entry
        assert entry.get("urgent") in {None, *ids_of(PANELS)}, entry


def test_filters_are_of_a_known_kind_and_patterns_name_their_group():
    kinds = {
        "cost",
        "when",
        "time_of_day",
        "day",
        "mode",
        "access",
        "gender",
        "age",
        "space",
        "joining",
        "referral",
    }
    for item in FILTERS:
        assert item["kind"] in kinds | {"near_me"}, item["id"]
        assert "value" in item, item["id"]
        assert item.get("say") or item.get("exact") or item.get("pattern"), item["id"]
        if "pattern" in item:
            assert item["value"] in re.compile(item["pattern"]).groupindex, item["id"]


def test_each_panel_can_be_read_and_waits_for_an_editor():
    for panel in PANELS:
        assert panel["checked"] is False
        assert isinstance(panel["quick_exit"], bool)
        assert 2 <= len(panel["lines"]) <= 5
        for line in [panel["heading"], panel["soft_line"], *panel["lines"]]:
            assert all(len(sentence.split()) <= 20 for sentence in re.split(r"[.?] ", line)), line


def test_every_urgent_phrase_shows_its_panel_in_full(reader):
    wrong = [
        (p["id"], said)
        for p in PANELS
        for said in (*p["phrases"], *p.get("alone", ()))
        if reader.panels(said).get(p["id"]) is not False
    ]
    assert wrong == []


def test_same_words_settle_in_one_step():
    assert not set(SAME) & set(SAME.values())


MEANT = [
    ("i cant pay my leccy", {"bills_energy"}, {"debt"}),
    ("my mum has dementia and im exhausted", {"memory_dementia", "carer", "stress"}, set()),
    ("My mam's got dementia", {"memory_dementia"}, set()),
    ("me nana has dementia", {"memory_dementia", "carer"}, {"pain_fatigue"}),
    ("ma heid's mince", {"low_mood"}, set()),
    ("nowt to do round here", {"something_to_do", "near_me"}, set()),
    ("I’m bored af", {"something_to_do"}, {"long_term_condition"}),
    ("lost my husband last year", {"bereaved"}, set()),
    ("knit & natter on a Tuesday morning", {"craft", "tuesday", "morning"}, {"coffee_morning"}),
    ("free yoga near me", {"free", "yoga_pilates", "near_me"}, set()),
    ("gluten free cooking class", {"cooking"}, {"free"}),
    ("drug free social", {"recovery_support"}, {"free"}),
    ("what to do in my free time", set(), {"free"}),
    ("im free on tuesdays", {"tuesday"}, {"free"}),
    ("something free on tuesdays", {"free", "tuesday"}, set()),
    ("free school meals", {"benefits"}, {"free", "no_food"}),
    ("wheelchair basketball", {"team_sport"}, {"step_free"}),
    ("wheelchair repair", {"home_help"}, {"step_free"}),
    ("wheelchair accessible art class", {"step_free", "art"}, set()),
    ("a walk in the park", {"walking"}, {"parking"}),
    ("choir with parking", {"singing", "parking"}, set()),
    ("online safety for kids", {"digital"}, {"online"}),
    ("online dating", {"relationship_support"}, {"online"}),
    ("online art class", {"online", "art"}, set()),
    ("women only swimming", {"women_only", "swimming", "womens_group"}, set()),
    ("men only talking", {"mens_group"}, {"men_only"}),
    ("walking for over 60s", {"walking", "age_over", "older_people_group"}, set()),
    ("something for my 14 year old", {"age_years_old"}, set()),
    ("im 67 and lonely", {"age_aged", "lonely"}, set()),
    ("aged 5 miles", set(), {"age_aged"}),
    ("bank holiday monday", set(), {"monday"}),
    ("cost of living crisis", {"budgeting", "bills_energy"}, {"crisis"}),
    ("dance for parkinsons", {"dance", "condition_group"}, set()),
    ("making christmas cards", {"craft"}, {"games_hobbies"}),
    ("mind the gap", set(), {"peer_mental_health", "parenting"}),
    ("i dont mind where", set(), {"peer_mental_health", "self_management"}),
    ("mindfulness", {"self_management"}, set()),
    ("is there a local mind group", {"peer_mental_health"}, set()),
    ("sun cream", set(), {"sunday"}),
    ("wi-fi help", {"digital_help"}, {"womens_group"}),
    ("when does the WI meet", {"womens_group"}, set()),
    ("proud of my community", {"belonging"}, {"lgbtq_group"}),
    ("relatives support", set(), {"relationship_support"}),
    ("sheltered housing", {"life_change"}, {"housing_problem"}),
    ("housing", {"housing_problem", "housing_help"}, set()),
    ("in the house all day", set(), {"housing_problem"}),
    ("stress control", set(), {"not_safe_at_home"}),
    ("weans are bored", {"parenting", "something_to_do"}, {"new_baby"}),
    ("weaning my baby", {"new_baby"}, {"parenting"}),
    ("self help", {"self_management"}, {"self_esteem"}),
    ("shoot some hoops", set(), {"crisis"}),
    ("shoot hoops", {"team_sport"}, {"crisis"}),
    ("boxing day lunch", {"lunch_club"}, {"team_sport"}),
    ("of course", set(), {"adult_learning"}),
    ("thai chi", {"gentle_exercise"}, {"th"}),
    ("nail polish", set(), {"pl", "culture_faith_group"}),
    ("polish speaking mums", {"pl"}, set()),
    ("odd jobs", {"home_help"}, {"employment_support"}),
    ("gardener to cut my grass", {"home_help"}, set()),
    ("community gardening", {"gardening"}, {"home_help"}),
    ("andy's man club", {"mens_group"}, set()),
    ("slimming world", {"stop_smoking_weight"}, set()),
    ("SSAFA", {"veterans"}, set()),
    ("lcwra", {"benefits"}, set()),
    ("EUPD", {"mental_illness"}, set()),
    ("t2dm", {"long_term_condition"}, set()),
    ("Home-Start", {"parent_group"}, set()),
    ("coffee morning", {"coffee_morning"}, {"morning"}),
    ("evening class", {"adult_learning"}, {"evening"}),
    ("my son is 16 and wont leave his room", {"age_aged", "young_person"}, set()),
    ("struggling with my drinking", {"alcohol_drugs", "recovery_support"}, set()),
    ("hot drinks and cake", set(), {"recovery_support", "alcohol_drugs"}),
    ("can someone look in on my mum", {"befriending"}, set()),
]


@pytest.mark.parametrize(("text", "present", "absent"), MEANT, ids=[row[0] for row in MEANT])
def test_sentences_mean_what_people_mean(reader, text, present, absent):
    found = reader.read(text)
    assert present <= found
    assert not absent & found


SHOWN = [
    ("nobody would notice if i was gone", {"crisis": False}),
    ("I can't go on anymore", {"crisis": False}),
    ("i cannot go on", {"crisis": False}),
    ("i cannae go on", {"crisis": False}),
    ("I do not want to be here any more", {"crisis": False}),
    ("he hits me and i need somewhere to go", {"abuse": False}),
    ("scared to go home", {"abuse": False}),
    ("nowhere to sleep tonight", {"homeless_tonight": False}),
    ("lost my son to suicide", {"crisis": True}),
    ("lost my son to suicide and i cant go on", {"crisis": False}),
    ("suicide bereavement group", {"crisis": True}),
    ("i feel so low", {"crisis": True}),
    ("the kids are hungry and no food in the house", {"nothing_today": False}),
    ("dying for a cuppa", {}),
    ("killing time until the bus", {}),
    ("shoot hoops", {}),
    ("self help", {}),
    ("cant go on the bus", {}),
    ("cost of living crisis", {}),
    ("what time does it end", {}),
    ("knee hurts me", {}),
    ("i want to die my hair", {}),
    ("i feel like a burden to everyone", {"crisis": False}),
    ("dog grooming", {}),
    ("knit and natter", {}),
]


@pytest.mark.parametrize(("text", "panels"), SHOWN, ids=[row[0] for row in SHOWN])
def test_help_panels_show_when_they_should(reader, text, panels):
    assert reader.panels(text) == panels


def test_every_neutral_phrase_resolves_to_its_own_meaning(reader):
    wrong = []
    for entry in NEUTRAL:
        for phrase in entry["say"]:
            words = reader.words(phrase)[1]
            if reader.neutral.get(words) is not entry or not set(entry.get("means") or []) <= reader.read(
                phrase
            ):
                wrong.append(phrase)
    assert wrong == []
