"""The demo's texts are written, not generated; its postcodes are real and its phone numbers nobody's."""

import re
from collections import Counter

import pytest

from groups.demo.content import all_of, read
from groups.demo.drawings import DRAWINGS, MOST_BYTES, draw
from groups.places.gazetteer import postcode_position, resolve

MOST_LISTINGS_A_SENTENCE = 3
DRAMA_RANGES = (
    range(1632960000, 1632961000),
    range(7700900000, 7700901000),
    range(8081570000, 8081571000),
)


def groups():
    return all_of("groups")


def texts(value):
    """Every string anywhere in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)


def sentences(group):
    words = [group["summary"], group["description"], *texts(group.get("first_visit", {}))]
    words += [group[part].get("note", "") for part in ("cost", "joining", "capacity") if part in group]
    for text in words:
        for sentence in re.split(r"(?<=[.!?])\s+", text):
            plain = re.sub(r"[^a-z0-9 ]", "", sentence.casefold()).strip()
            if len(plain.split()) > 3:
                yield plain


def test_no_sentence_stands_in_more_than_three_listings():
    counted = Counter(sentence for group in groups() for sentence in set(sentences(group)))
    assert {s: n for s, n in counted.items() if n > MOST_LISTINGS_A_SENTENCE} == {}


def test_there_is_enough_of_everything():
    assert len(groups()) >= 160
    assert len({row["name"] for row in all_of("organisations")}) >= 100
    assert len({(row["name"], row["postcode"]) for row in all_of("venues")}) >= 60
    counted = Counter(activity for group in groups() for activity in group["activities"])
    for activity in ("art", "gardening", "walking", "benefits_advice", "cancer_support"):
        assert counted[activity] >= 8, activity


@pytest.mark.parametrize("kind", ["groups", "venues", "organisations"])
def test_each_key_is_used_once(kind):
    assert [key for key, times in Counter(row["key"] for row in all_of(kind)).items() if times > 1] == []


def modes(group):
    return {session["mode"] for session in group["sessions"]}


def frequencies(group):
    return {session["frequency"] for session in group["sessions"]}


def confirmed(group, first, last):
    return first <= group.get("confirmed", {}).get("days_ago", -1) <= last


@pytest.mark.parametrize(
    "shows",
    [
        pytest.param(lambda g: "capacity" not in g, id="capacity unknown"),
        pytest.param(lambda g: g.get("capacity", {}).get("state") == "full", id="full"),
        pytest.param(lambda g: g.get("capacity", {}).get("state") == "waiting_list", id="waiting list"),
        pytest.param(lambda g: 0 <= g.get("capacity", {}).get("days_ago", -1) <= 20, id="recent capacity"),
        pytest.param(lambda g: g.get("capacity", {}).get("days_ago", 0) > 30, id="old capacity"),
        pytest.param(lambda g: "confirmed" not in g, id="never confirmed"),
        pytest.param(lambda g: confirmed(g, 190, 350), id="due a check"),
        pytest.param(lambda g: confirmed(g, 370, 540), id="overdue"),
        pytest.param(lambda g: "telephone" in modes(g), id="telephone"),
        pytest.param(lambda g: "online" in modes(g), id="online"),
        pytest.param(lambda g: "home" in modes(g), id="at home"),
        pytest.param(lambda g: g.get("visibility") == "area_only", id="area only"),
        pytest.param(lambda g: g.get("visibility") == "on_contact", id="on contact"),
        pytest.param(lambda g: g.get("visibility") == "hidden", id="hidden"),
        pytest.param(lambda g: g.get("cancelled"), id="a cancelled date"),
        pytest.param(lambda g: g.get("moved"), id="a moved date"),
        pytest.param(lambda g: g.get("closures"), id="a closure"),
        pytest.param(lambda g: g.get("status") == "paused", id="paused"),
        pytest.param(lambda g: g.get("status") == "closed", id="closed"),
        pytest.param(lambda g: any(s.get("interval") == 2 for s in g["sessions"]), id="fortnightly"),
        pytest.param(lambda g: "monthly" in frequencies(g), id="monthly"),
        pytest.param(
            lambda g: any(-1 in s.get("weeks_of_month", ()) for s in g["sessions"]), id="last weekday"
        ),
        pytest.param(
            lambda g: any(len(s.get("weeks_of_month", ())) > 1 for s in g["sessions"]), id="1st and 3rd"
        ),
        pytest.param(lambda g: "once" in frequencies(g), id="one-off"),
        pytest.param(lambda g: "arranged" in frequencies(g), id="by arrangement"),
        pytest.param(lambda g: any(s.get("term_time_only") for s in g["sessions"]), id="term time"),
        pytest.param(lambda g: len({s.get("venue") for s in g["sessions"]}) > 1, id="several places"),
        *(
            pytest.param(lambda g, kind=kind: g["cost"]["kind"] == kind, id=f"cost {kind}")
            for kind in ("free", "donation", "paid", "varies")
        ),
    ],
)
def test_every_gap_of_real_life_is_there(shows):
    assert any(shows(group) for group in groups())


def test_nothing_is_stored_of_a_hidden_place():
    for group in groups():
        if group.get("visibility") == "hidden":
            assert "private_place" not in group
            assert not any("venue" in session for session in group["sessions"])


def test_every_place_resolves_near_the_demo(gazetteer):
    for venue in all_of("venues"):
        assert postcode_position(venue["postcode"]) is not None, venue["key"]
    for group in groups():
        named = [area["place"] for area in group.get("serves", ()) if area["kind"] != "country"]
        for name in [*named, *([group["area"]] if "area" in group else [])]:
            spot = resolve(name)
            assert 50.5 < spot.latitude < 52.2, (group["key"], name, spot)
            assert -0.9 < spot.longitude < 1.3, (group["key"], name, spot)


def test_phone_numbers_are_kept_for_drama():
    everything = [
        *texts(groups()),
        *texts(all_of("venues")),
        *texts(all_of("organisations")),
        *texts(read("site")),
    ]
    found = [number for text in everything for number in re.findall(r"\b0[\d ]{9,12}\d\b", text)]
    assert len(found) > 100
    for number in found:
        digits = int(number.replace(" ", ""))
        assert any(digits in drama for drama in DRAMA_RANGES), number


def test_addresses_on_the_net_are_examples():
    for text in [*texts(groups()), *texts(all_of("organisations")), *texts(read("site"))]:
        for host in re.findall(r"(?:https?://|@)([\w.-]+)", text):
            assert host.rstrip(".").endswith((".example", "example.org")), text


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_fits_the_page_budget(name):
    assert 2_000 < len(draw(name)) <= MOST_BYTES


def test_every_photo_says_that_it_is_a_drawing():
    photos = read("site")["photos"]
    assert {photo["drawing"] for photo in photos} == set(DRAWINGS)
    assert all(photo["alt"].startswith("Drawing: ") for photo in photos)
