"""Words find listings: by stem, accent and apostrophe, in every text; names first; typing slips are mended."""

import pytest

from search.query import DirectoryQuery
from tests.search.listings import OAKLANDS, listing, session, topics

pytestmark = pytest.mark.usefixtures("shipped_words")


def readings(results, kind):
    return {reading.typed: reading.label for reading in results.understood.readings if reading.kind == kind}


class TestWhereWordsStand:
    @pytest.mark.parametrize(
        "values",
        [
            {"name": "Zither Friends"},
            {"summary": "We play the zither."},
            {"description": "Long ago.\n\nToday we play the zither together."},
            {"organisation": "Zither Trust"},
            {"tags": ("zither",)},
            {"activities": topics(["zither"])},
            {"times_note": "Ring before the zither hour."},
            {"joining_note": "Bring a zither."},
            {"first_visit_note": "A zither player meets you."},
            {"sessions": [session(label="Zither beginners")]},
        ],
        ids=lambda values: next(iter(values)),
    )
    def test_any_text_is_searched(self, put, found, values):
        put(listing(**{"name": "Natter Group", **values}), listing("Bowls"))
        assert found("zither") == [values.get("name", "Natter Group")]

    def test_words_of_a_phrase_may_stand_in_different_texts(self, put, found):
        put(listing("Zither Friends", description="For marimba players."), listing("Bowls"))
        assert found("zither marimba") == ["Zither Friends"]

    def test_not_every_word_must_match_and_more_is_better(self, put, found):
        put(
            listing("One", description="zither"),
            listing("Both", description="zither and marimba"),
            listing("Neither", description="Bowls on the green"),
        )
        assert found("zither marimba")[0] == "Both"
        assert "Neither" not in found("zither marimba")

    def test_function_words_count_for_nothing(self, put, found):
        put(listing("All About It", description="What you can do here and when"), listing("Zither Friends"))
        assert found("where can i go and do the zither") == ["Zither Friends"]

    def test_unrelated_ones_do_not_come(self, put, find):
        put(listing("Bowls"), listing("Darts"))
        results = find("xylophone")
        assert (results.total, list(results.cards)) == (0, [])

    def test_no_text_finds_everything(self, put, find):
        put(listing("Bowls"), listing("Darts"))
        assert find().total == find("   ").total == find("", sort="nearest").total == 2


class TestForms:
    @pytest.mark.parametrize(
        ("typed", "written"),
        [
            ("walk", "Walking"),
            ("walks", "Walking"),
            ("WALKING", "walk"),
            ("singers", "Singing"),
            ("cafe", "Café"),
            ("café", "Cafe"),
            ("mens", "Men's"),
            ("men's", "Mens"),
            ("men’s", "Men`s"),
            ("naive", "Naïve"),
            ("ﬁshing", "fishing"),
            ("knit", "Knit-and-natter"),
        ],
    )
    def test_the_same_word_written_otherwise(self, put, found, typed, written):
        put(listing("Target", description=f"{written} xyz"), listing("Bowls", description="On the green"))
        assert "Target" in found(typed)
        assert "Bowls" not in found(typed)

    @pytest.mark.parametrize(
        "hostile",
        [
            *[
                '"',
                "*",
                "zither*",
                "(zither",
                "zither)",
                "zither:xyz",
                "n_zither",
                "'",
                ";--",
                "\\",
                "%",
                "_",
            ],
            *["{zither}", "^zither", "NEAR(zither)", "-zither"],
            *("zither OR", "NOT zither", "zither & !", "zither\x00", "🎵 zither"),
        ],
    )
    def test_marks_mean_nothing(self, put, find, hostile):
        put(listing("Zither Friends"))
        results = find(hostile)
        assert results.total in (0, 1)


class TestNames:
    def test_a_name_comes_first(self, put, found):
        put(
            listing("Walking and Talking", description="Tea and a walk. A walk for all. Walk walk walk."),
            listing("Tea Dance", description="walk"),
            listing("Oaklands Walk and Tea", description="A walk with tea"),
        )
        assert found("oaklands walk and tea")[0] == "Oaklands Walk and Tea"

    def test_a_name_of_everyday_words_is_found(self, put, found):
        put(listing("Just for You", description="Bowls"), listing("Something Else", description="For you"))
        assert found("just for you")[0] == "Just for You"

    @pytest.mark.parametrize(
        "name", ["Free Spirits", "Tuesday Women", "Chelmsford Today", "Carers Online", "Gardning Mates"]
    )
    def test_a_name_that_exists_is_read_as_it_stands(self, put, find, name):
        put(listing(name, sessions=[session("fri")]), listing("Bowls"))
        results = find(name.lower())
        assert results.cards[0].listing.name == name
        assert results.understood.readings == ()

    def test_half_a_name_is_above_a_mention(self, put, found):
        put(listing("Darts", description="Near the Kettlewick dairy"), listing("Kettlewick Friends"))
        assert found("kettlewick") == ["Kettlewick Friends", "Darts"]


class TestSlips:
    @pytest.mark.parametrize(
        ("typed", "meant", "text"),
        [
            ("gardning", "gardening", "Gardening in the park"),
            ("bereavment", None, "Bereavement friends"),
            ("citizens advise", None, "Citizens Advice drop in"),
            ("nitting", "knitting", "Knitting circle"),
            ("dimentia", "dementia", "A dementia cafe"),
            ("lonley", "lonely", "Feeling lonely"),
            ("swiming", "swimming", "Swimming for fun"),
            ("coffe morning", "coffee", "A coffee morning"),
            ("fotography", "photography", "Photography walks"),
            ("zithre", "zither", "We play the zither"),
        ],
    )
    def test_a_slip_finds_what_was_meant(self, put, find, typed, meant, text):
        put(listing("Target", description=text), listing("Bowls", description="On the green"))
        results = find(typed)
        assert [card.listing.name for card in results.cards] == ["Target"]
        if meant:
            assert meant in readings(results, "spelling").values()
            assert meant in results.understood.words.split()

    def test_letters_that_changed_places_are_the_likeliest_slip(self, put, find):
        put(
            listing("Target", description="Help for carers"),
            listing("Bowls", description="A career in bowls"),
        )
        assert readings(find("caresr"), "spelling") == {"caresr": "carers"}

    def test_a_common_word_that_no_listing_has_may_be_meant(self, put, find):
        put(listing("Parents", description="For parents"), listing("Bowls"))
        assert readings(find("palnets"), "spelling") == {"palnets": "planets"}

    def test_a_misspelt_name_is_read_as_the_name(self, put, find):
        put(listing("Free Choral Society"), *(listing(f"Society {number}") for number in range(3)))
        results = find("free choral soicety")
        assert results.cards[0].listing.name == "Free Choral Society"
        assert readings(results, "spelling") == {"soicety": "society"}
        assert not readings(results, "filter")

    def test_a_misspelt_name_is_the_name_even_where_another_word_is_likelier(self, put, find):
        put(listing("Cosy Corner"), listing("Clay Club", activities=["art"]))
        results = find("clsy corner")
        assert [card.listing.name for card in results.cards][:1] == ["Cosy Corner"]
        assert readings(results, "spelling") == {"clsy": "cosy"}
        # Where no name is like it, the likeliest word it is.
        assert readings(find("clsy pots"), "spelling") == {"clsy": "clay"}

    def test_a_misspelt_name_that_holds_a_place_is_the_name(self, put, find):
        put(listing("Brighton Choral Society"), *(listing(f"Society {number}") for number in range(3)))
        results = find("brighton choral soicety")
        assert results.cards[0].listing.name == "Brighton Choral Society"
        assert not readings(results, "place")

    def test_a_misspelt_place_is_a_place(self, put, find):
        put(listing("Choir", description="We sing in Chelmsford"))
        results = find("choir in chlemsford")
        assert results.query.place is not None
        assert results.query.place.label.startswith("Chelmsford")

    @pytest.mark.parametrize(
        ("typed", "text"), [("bereave ment", "Bereavement friends"), ("coffeemorning", "Coffee morning")]
    )
    def test_words_torn_apart_and_run_together(self, put, found, typed, text):
        put(listing("Target", description=text), listing("Darts", description="On Fridays"))
        assert "Target" in found(typed)

    @pytest.mark.parametrize(
        ("typed", "meant"),
        [("gard", "garden"), ("canc", "cancer"), ("ukul", "ukulele"), ("walki", "walking")],
    )
    def test_a_word_broken_off_is_made_whole(self, put, find, typed, meant):
        put(listing("Darts", description="On Fridays"))
        assert readings(find(typed), "spelling") == {typed: meant}

    def test_a_slip_is_likelier_than_half_a_word_missing(self, put, find):
        put(listing("Darts", description="On Fridays, if you are bored"))
        assert readings(find("bord"), "spelling") != {"bord": "borderline"}

    def test_a_slip_can_be_taken_back(self, put, find):
        put(listing("Gardening"), listing("Odd", description="Gardning it says"), listing("Bowls"))
        mended = find("gardnin")
        assert readings(mended, "spelling")
        back = find("gardnin", ignored=("spelling",))
        assert not readings(back, "spelling")
        assert back.understood.words == "gardnin"

    @pytest.mark.parametrize(
        "typed",
        ["casting", "organisation", "colour", "theatre", "programme", "crochet", "quilting", "kind", "bowls"],
    )
    def test_a_right_word_is_left_alone(self, put, find, typed):
        put(listing("Coasting and Fasting"), listing("Bowels", description="Kin, colors and programs"))
        assert not readings(find(typed), "spelling")

    @pytest.mark.parametrize("typed", ["tues", "tomoz", "quire", "quires", "wots on"])
    def test_short_slang_and_rare_words_are_no_topic(self, put, find, typed):
        put(listing("Toes and Tumours", description="Queer wits, curious Tommys"))
        assert not readings(find(typed), "spelling")

    @pytest.mark.parametrize(
        ("typed", "meant"), [("nightowls", "night owls"), ("bookclub", "book club"), ("menshed", "men shed")]
    )
    def test_two_words_run_together_are_likelier_than_a_far_word(self, put, find, typed, meant):
        put(listing("Noodles", description="Merched"))
        assert readings(find(typed), "spelling") == {typed: meant}

    def test_a_word_that_stands_in_a_listing_is_right(self, put, find):
        put(listing("Zither Friends"), listing("Zithar Makers"))
        assert find("zithar").cards[0].listing.name == "Zithar Makers"
        assert not readings(find("zithar"), "spelling")

    def test_numbers_and_short_words_are_left_alone(self, put, find):
        put(listing("Art"))
        assert not readings(find("arg 1945 b12"), "spelling")


class TestExactly:
    def test_words_as_typed(self, put, find):
        put(
            listing("Money Friends", activities=["benefits_advice"]),
            listing("Orchard", description="Grow apples from a pip"),
        )
        understood = find("pip")
        assert {card.listing.name for card in understood.cards} >= {"Money Friends"}
        exact = find("pip", exact=True)
        assert [card.listing.name for card in exact.cards] == ["Orchard"]
        assert exact.understood.readings == ()
        assert exact.query.exact

    def test_typed_filters_are_words_then(self, put, find):
        put(listing("Free Range", description="Free hens"), listing("Bowls", cost_kind="free"))
        results = find("free", exact=True)
        assert [card.listing.name for card in results.cards] == ["Free Range"]
        assert results.query.cost == ""

    def test_a_slip_is_a_word_then(self, put, find):
        put(listing("Gardening"))
        assert find("gardnin", exact=True).total == 0


class TestWhatIsUnderstood:
    def test_a_phrase_names_its_need_and_lifts_who_helps(self, put, find):
        put(
            listing("Tuesday Table", activities=["coffee_morning"]),
            listing("Bowls", activities=["football"]),
            listing("Lonely Planet", description="lonely travellers of the planet"),
        )
        results = find("i feel so lonely")
        assert "lonely" in {reading.slug for reading in results.understood.readings if reading.kind == "need"}
        assert {card.listing.name for card in results.cards} == {"Tuesday Table", "Lonely Planet"}

    def test_a_phrase_never_hides_a_text_match(self, put, found):
        put(listing("Nothing Stated", description="Ring if you are lonely"), listing("Bowls"))
        assert "Nothing Stated" in found("lonely")

    def test_a_need_finds_a_listing_that_states_no_term(self, put, found):
        put(
            listing("Imported", description="A coffee morning in the library, warm welcome."),
            listing("Bowls", description="On the green"),
        )
        assert found("lonely") == ["Imported"]

    def test_a_stated_term_is_above_one_read_from_words(self, put, found):
        put(
            listing("Read", number=1, description="We go on a guided walk."),
            listing("Stated", number=2, activities=["walking"]),
        )
        assert found("rambling")[0] == "Stated"

    def test_a_reading_can_be_taken_back(self, put, find):
        put(listing("Tuesday Table", activities=["coffee_morning"]), listing("Other", description="lonely"))
        key = next(reading.key for reading in find("lonely").understood.readings if reading.kind == "need")
        results = find("lonely", ignored=(key,))
        assert not [reading for reading in results.understood.readings if reading.kind == "need"]
        assert [card.listing.name for card in results.cards] == ["Other"]

    def test_a_phrase_that_misleads_means_nothing(self, put, find):
        put(
            listing("Debt Help", activities=["debt_advice"]),
            listing("Bank Holiday Club", description="Play days"),
        )
        results = find("bank holiday club for the children")
        assert "Debt Help" not in [card.listing.name for card in results.cards]

    @pytest.mark.parametrize(
        ("sentence", "activity"),
        [
            ("I've just moved here and don't know anyone", "coffee_morning"),
            ("my mum has dementia and I'm exhausted", "carers_support"),
            ("a playgroup for my toddler", "parent_group"),
            ("can't pay my gas bill", "energy_advice"),
            ("my husband died and I don't know what to do", "bereavement_support"),
        ],
    )
    def test_sentences(self, put, found, sentence, activity):
        put(listing("Right", activities=[activity]), listing("Stamps", description="Swap stamps and coins"))
        assert found(sentence)[:1] == ["Right"]
        assert "Stamps" not in found(sentence)

    def test_a_very_long_text_is_answered(self, put, find):
        put(listing("Zither Friends", sessions=[session(place=OAKLANDS)]))
        assert find("zither " * 40).total == 1
        assert find("word " * 60).total == 0

    def test_a_sentence_of_very_many_different_words_is_answered(self, put, find):
        many = [
            "marimba",
            "bowls",
            "darts",
            "chess",
            "whist",
            "bridge",
            "draughts",
            "canasta",
            "cribbage",
            "dominoes",
            "quoits",
        ]
        put(*(listing(f"Zither {word}", description=f"{word} and tea") for word in many))
        assert find(" ".join(many)).total > 0

    @pytest.mark.parametrize("letters", [300, 5_000])
    def test_a_word_longer_than_databases_keep(self, put, find, engine, letters):
        long = "a" * letters
        it = listing("Zither Friends", description=f"https://zithers.example/{long} tuesdays")
        put(it)
        for text in ("zither tuesdays", f"{long} zither", long):
            assert find(text, exact=True).total == 1, text[:20]
        assert engine.more_like(it.uid) == []

    def test_what_was_asked_is_kept(self, put, engine):
        put(listing("Bowls"))
        query = DirectoryQuery(text="bowls", days=("tue",), page=1)
        assert engine.search(query).query.text == "bowls"
        assert engine.search(query).query.days == ("tue",)
