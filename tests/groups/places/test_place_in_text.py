"""A place in a search, and words that are only words."""

import pytest
import yaml
from django.conf import settings

from groups.places.gazetteer import find_place_in


@pytest.mark.parametrize(
    ("text", "label", "rest"),
    [
        ("walking in Brighton", "Brighton, Brighton and Hove", "walking"),
        ("walking in Brighton on Saturday", "Brighton, Brighton and Hove", "walking on Saturday"),
        ("CM1 choir", "CM1", "choir"),
        ("choir CM1 1", "CM1 1", "choir"),
        ("singing near CM1 1AA tuesday", "CM1 1AA", "singing tuesday"),
        ("choir near Great Baddow Chelmsford", "Great Baddow, Chelmsford", "choir"),
        ("tea dance in Great Baddow, Essex", "Great Baddow, Chelmsford", "tea dance"),
        ("Broomfield, Chelmsford", "Broomfield, Chelmsford", ""),
        ("Chelmsford choir", "Chelmsford", "choir"),
        ("choir headingley", "Headingley, Leeds", "choir"),
        ("men's shed Stretford", "Stretford, Trafford", "men's shed"),
        ("carers in Trafford", "Trafford", "carers"),
        ("reading in Reading", "Reading", "reading"),
        ("reading berkshire", "Reading", ""),
        ("choir in bath", "Bath", "choir"),
        ("art class, Deal", "Deal, Dover", "art class"),
        ("dementia cafe in Sale", "Sale, Trafford", "dementia cafe"),
        ("street dance in Street", "Street, Somerset (BA16)", "street dance"),
        ("bridge Canterbury", "Canterbury", "bridge"),
        ("choir south shields", "South Shields, South Tyneside", "choir"),
        ("groups within 5 miles of Hull", "Kingston upon Hull", "groups"),
        ("in Brighton walking", "Brighton, Brighton and Hove", "walking"),
        ("ALONE IN CHELMSFORD", "Chelmsford", "ALONE"),
        ("Manchester", "Manchester", ""),
        ("Great Waltham", "Great Waltham, Chelmsford", ""),
        ("Ashton on Mersey", "Ashton upon Mersey, Trafford", ""),
        ("soup Great Waltham", "Great Waltham, Chelmsford", "soup"),
        ("south woodham", "South Woodham Ferrers, Chelmsford", ""),
        ("yoga south woodham", "South Woodham Ferrers, Chelmsford", "yoga"),
    ],
)
def test_a_place_is_taken_out_of_the_words(real, text, label, rest):
    spot, remaining = find_place_in(text)
    assert (spot.label, remaining) == (label, rest)


@pytest.mark.parametrize(
    "text",
    [
        "reading group",
        "sandwich making",
        "bath",
        "battle",
        "rugby club",
        "deal",
        "reading",
        "interested in reading",
        "choir bath",
        "chess, bath, tea",
        "lunch club in the community",
        "help at home",
        "in need",
        "yoga at the park",
        "st john ambulance",
        "coffee morning in church",
        "sport in street",
        "street dance",
        "vitamin B12",
        "couch to 5k",
        "age uk",
        "welsh choir",
        "learn polish",
        "help with english in Wales",
        "hope",
        "alexander technique",
        "battle of britain",
        "a1",
        "duke of edinburgh",
        "roller derby",
        "B1 english",
        "parents in law",
        "singing for lung health",
        "walking football",
        "someone to talk to",
        "knit and natter",
        "friends of Horsham museum",
    ],
)
def test_ordinary_words_are_no_place(real, text):
    assert find_place_in(text) is None


def test_only_the_end_asked_for_is_read(real):
    assert find_place_in("Chelmsford choir", at="end") is None
    assert find_place_in("choir Chelmsford", at="start") is None
    assert find_place_in("choir Chelmsford", at="end")[1] == "choir"


def test_phrases_of_the_vocabulary_are_not_taken_for_places(real):
    files = [
        yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        for path in (settings.BASE_DIR / "groups" / "vocabulary").rglob("*.yaml")
    ]

    def phrases(node):
        if isinstance(node, dict | list):
            for child in node.values() if isinstance(node, dict) else node:
                yield from phrases(child)
        elif isinstance(node, str):
            yield node

    everything = {phrase for file in files for phrase in phrases(file)}
    assert len(everything) > 5000
    taken = sorted(phrase for phrase in everything if find_place_in(phrase))
    # A few are organisations whose names begin with a real place ("southall black sisters").
    assert len(taken) <= len(everything) * 0.005, taken
