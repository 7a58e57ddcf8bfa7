import time

import pytest

from search.meaning.texts import LONG, listing_texts, sentences

VISITS = "Our volunteers visit older people who live alone in the town."
LUNCH = "A hot lunch is cooked and shared in the church hall every week."
FORMS = "We help people to fill in forms for benefits and for housing."


def test_sentences_are_split():
    assert sentences(f"{VISITS} {LUNCH}\n\n{FORMS}") == [VISITS, LUNCH, FORMS]


def test_lists_are_split():
    tail = [line.rstrip(".") for line in (VISITS, LUNCH)]
    assert sentences(f"{FORMS}\n• {tail[0]}\n- {tail[1]}") == [FORMS, *tail]


@pytest.mark.parametrize("word", ["Dr.", "St.", "e.g.", "Mrs."])
def test_a_short_form_ends_no_sentence(word):
    text = f"The group was begun by the family of {word} Smith and meets in the old chapel."
    assert sentences(text) == [text]


def test_a_very_short_sentence_joins_its_neighbour():
    assert sentences(f"{VISITS} All welcome.") == [f"{VISITS} All welcome."]
    assert sentences(f"All welcome. {VISITS}") == [f"All welcome. {VISITS}"]


def test_a_short_text_is_kept_whole():
    assert sentences("Chess") == ["Chess"]


@pytest.mark.parametrize("text", ["", "  \n ", "www.example.org", "...", "01632 960123"])
def test_nothing_worth_encoding_gives_nothing(text):
    assert sentences(text) == []


def test_a_long_sentence_is_split_at_its_clauses_and_no_word_is_lost():
    text = "We run " + ", and ".join(
        f"a class number {n} for people who like to make things" for n in range(12)
    )
    parts = sentences(text)
    assert len(parts) > 1
    assert all(len(part) <= LONG for part in parts)
    assert " ".join(parts) == text


def test_a_long_text_without_a_break_is_split():
    parts = sentences("x" * 1_000 + " " + VISITS)
    assert all(len(part) <= LONG for part in parts)


def test_at_most_so_many():
    text = " ".join(VISITS.replace("town", f"town of {n}") for n in range(30))
    assert len(sentences(text)) == 12
    assert sentences(text, limit=2) == sentences(text)[:2]


@pytest.mark.parametrize(
    "boilerplate",
    [
        "Visit our website: https://example.org/groups?x=1",
        "For more information visit www.example.org",
        "Email us at hello@example.org.",
        "Tel: 01632 960123.",
        "Call us on (01632) 960 123 or +44 7700 900123",
        "Open Monday to Friday 9am - 5pm.",
        "Opening times: Mon-Fri 09:30-17:00, Sat 10am to 1pm",
        "Tuesdays 7-9pm.",
    ],
)
def test_contacts_and_hours_are_dropped(boilerplate):
    assert sentences(f"{VISITS}\n{boilerplate}\n{LUNCH}") == [VISITS, LUNCH]


def test_a_sentence_keeps_what_it_says_beside_a_contact():
    [found] = sentences(
        "To join our choir for people with lung disease, ring 01632 960123 or write to a@example.org."
    )
    assert "choir for people with lung disease" in found
    assert "960123" not in found
    assert "example.org" not in found


def test_numbers_that_are_no_phone_stay():
    text = "We began in 2019 for people aged 50 to 90 and walk about 3 miles, with 20 to 30 of us."
    assert "aged 50" in sentences(text)[0]
    assert "3 miles" in sentences(text)[0]


def test_the_first_text_stands_for_the_whole_listing():
    first, *rest = listing_texts(
        "Knit and natter", "Make things and friends.", f"{VISITS} {LUNCH}", ["Crafts", "Company"]
    )
    assert first == "Knit and natter. Make things and friends. Crafts, Company"
    assert rest == [f"Make things and friends. {VISITS}", LUNCH]


def test_without_a_summary_the_description_begins_it():
    first, *rest = listing_texts("Visitors", "", f"{VISITS} {LUNCH} {FORMS} {VISITS}", [])
    assert first == f"Visitors. {VISITS} {LUNCH} {FORMS}".rstrip(".")
    assert rest == [VISITS, LUNCH, FORMS]


def test_a_listing_with_only_a_name():
    assert listing_texts("Chess club", "", "", []) == ["Chess club"]


@pytest.mark.parametrize("unit", [" ", "\n", "a.", "x@", "(0", "1 to ", "mon ", "word, and ", "A. "])
def test_no_text_takes_long(unit):
    start = time.process_time()
    sentences(unit * 25_000)
    assert time.process_time() - start < 1
