import pytest

from groups.imports.letter_case import name_case, sentence_case
from groups.imports.transforms import postcode, url, without_postcode, yes_no
from groups.imports.whereabouts import name_and_address


@pytest.mark.parametrize(
    ("shouted", "calm"),
    [
        ("2ND BROOKLANDS SCOUT GROUP", "2nd Brooklands Scout Group"),
        ("THE TIMPERLEY WOMEN'S CLUB", "The Timperley Women's Club"),
        ("FRIENDS OF ST PETER'S PTA", "Friends of St Peter's PTA"),
        ("O'NEILL AND MCDONALD TRUST", "O'Neill and McDonald Trust"),
        ("MANCHESTER RELIEF IN NEED CIO", "Manchester Relief in Need CIO"),
        ("GM4WOMEN2028", "GM4WOMEN2028"),
        ("DUNAMIS CHURCH (A.K.A. THE HOUSE)", "Dunamis Church (A.K.A. the House)"),
        ("Knit and Natter", "Knit and Natter"),
        ("iPhone help", "iPhone help"),
        ("", ""),
    ],
)
def test_shouted_names_are_calmed_and_others_left(shouted, calm):
    assert name_case(shouted) == calm


def test_shouted_texts_are_calmed_and_others_left():
    assert sentence_case("WE HELP. COME IN!") == "We help. Come in!"
    assert sentence_case("The NHS helps.") == "The NHS helps."


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        ("www.group.example", "https://www.group.example"),
        ("http//:www.group.example", "http://www.group.example"),
        ("https://group.example/a?b=c", "https://group.example/a?b=c"),
        ("http://http://group.example", "http://group.example"),
        ("javascript:alert(1)", ""),
        ("ftp://group.example", ""),
        ("none", ""),
        ("see our page", ""),
        ("https://[broken", ""),
    ],
)
def test_web_addresses_are_made_whole_or_dropped(typed, whole):
    assert url(typed) == whole


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12 High St, cm11qh", "CM1 1QH"),
        ("SW1A 1AA", "SW1A 1AA"),
        ("M33", ""),
        ("no 10", ""),
        ("a" * 5000, ""),
    ],
)
def test_a_postcode_is_found_in_an_address(text, found):
    assert postcode(text) == found


def test_an_address_without_its_postcode():
    assert without_postcode("Suffolk ip6 8al ip6 8al, UK") == "Suffolk"
    assert without_postcode("1 High St, , Leeds LS1 1AA.") == "1 High St, Leeds"


@pytest.mark.parametrize(("said", "means"), [("Yes", "yes"), ("N", "no"), ("perhaps", "")])
def test_yes_and_no(said, means):
    assert yes_no(said) == means


@pytest.mark.parametrize(
    ("name", "address", "expected"),
    [
        ("", "The Lodge, Green Lane, Bolton", ("The Lodge", "Green Lane, Bolton")),
        ("", "12, Green Lane, Bolton", ("12 Green Lane", "Bolton")),
        (
            "Blackrod Library",
            "Blackrod Library, Church Street BL6 5EQ",
            ("Blackrod Library", "Church Street"),
        ),
        ("", "", ("", "")),
    ],
)
def test_a_venue_takes_its_name_from_its_address(name, address, expected):
    assert name_and_address(name, address) == expected
