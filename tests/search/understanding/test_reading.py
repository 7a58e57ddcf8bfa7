"""What words are taken to mean before anything is looked for: places, filters, what is denied; and their false friends."""

import pytest

from groups.places.gazetteer import resolve

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def besides(*days):
    return tuple(day for day in WEEK if day not in days)


@pytest.mark.parametrize(
    ("typed", "place", "words"),
    [
        ("yoga CM1 monday", "CM1", "yoga"),
        ("choir CM1 step free weekday", "CM1", "choir"),
        ("lunch club Great Baddow tuesday", "Great Baddow, Chelmsford", "lunch club"),
        ("coffee morning Hove wheelchair", "Hove, Brighton and Hove", "coffee morning"),
        ("free Maldon yoga", "Maldon", "yoga"),
        ("things for teenagers in Sale on friday", "Sale, Trafford", ""),
        ("help with english CM1 please", "CM1", "help with english please"),
        ("i live at CM1 1QH and feel low", "CM1 1QH", "i live feel low"),
        (
            "just moved to Brighton from Syria and need english",
            "Brighton, Brighton and Hove",
            "just moved from syria and need english",
        ),
    ],
)
def test_a_place_between_the_words(read, typed, place, words):
    understood = read(typed)
    assert (understood.query.place.label, understood.words.lower()) == (place, words)


@pytest.mark.parametrize(
    "typed",
    [
        "reading group monday",
        "a walk in the park tuesday",
        "listening to Reading aloud",
        "vitamin B12 monday",
        "english class B1 evening",
        "free sandwich lunch",
        "coffee and bath monday",
    ],
)
def test_words_between_the_words_that_are_no_place(read, typed):
    assert read(typed).query.place is None


@pytest.mark.parametrize(
    ("typed", "miles", "words"),
    [
        ("coffee within 2 miles of Chelmsford", 2, "coffee"),
        ("yoga within 1 mile of CM1", 1, "yoga"),
        ("5 miles from Maldon coffee", 5, "coffee"),
        ("choir half a mile from Chelmsford", 0.5, "choir"),
        ("art within ten miles of Hove", 10, "art"),
        ("art 10km from Hove", 6.21, "art"),
    ],
)
def test_how_far_is_the_radius(read, typed, miles, words):
    understood = read(typed)
    assert (understood.query.radius, understood.words) == (miles, words)
    assert understood.query.place is not None


def test_how_far_from_the_place_in_its_box(read):
    hove = resolve("Hove")
    assert read("coffee within 2 miles", place=hove).query.radius == 2
    assert read("walk 5 miles", place=hove).query.radius is None
    assert read("coffee within 2 miles", place=hove, radius=5.0).query.radius == 5


@pytest.mark.parametrize("typed", ["5 mile walk", "run 10 miles", "walking within my limits in Hove"])
def test_a_length_is_no_radius(read, typed):
    assert read(typed).query.radius is None


@pytest.mark.parametrize(
    ("typed", "field", "value"),
    [
        ("not online", "modes", ("in_person",)),
        ("art not by phone", "modes", ("in_person",)),
        ("art not on a monday", "days", besides("mon")),
        ("any day except tuesday", "days", besides("tue")),
        ("choir not mondays or tuesdays", "days", besides("mon", "tue")),
        ("weekdays but not friday", "days", besides("fri", "sat", "sun")),
        ("busy on thursdays", "days", besides("thu")),
        ("I can't do mornings", "times", ("afternoon", "evening")),
        ("not evenings", "times", ("morning", "afternoon")),
        ("can't get out in the evening", "times", ("morning", "afternoon")),
    ],
)
def test_a_filter_denied_is_its_opposite(read, typed, field, value):
    understood = read(typed)
    assert getattr(understood.query, field) == value
    assert any(one.kind == "filter" and one.label.startswith("Not ") for one in understood.readings)


def test_a_filter_denied_can_be_taken_back(read):
    understood = read("art not on a monday", ignored=("filter:not_monday",))
    assert understood.query.days == ()
    assert understood.words == "art not on a monday"


@pytest.mark.parametrize(
    ("typed", "words", "told"),
    [
        ("walking group no dogs", "walking group", "no dogs"),
        ("not religious toddler group", "toddler group", "not religious"),
        ("somewhere warm not a church", "somewhere warm", "not a church"),
        ("choir not for men", "choir", "not for men"),
        ("not keen on church groups", "", "not keen on church groups"),
        ("knitting I don't have cancer", "knitting i", "dont have cancer"),
        ("walking but not football", "walking", "but not football"),
        ("pub quiz no kids", "pub quiz", "no kids"),
    ],
)
def test_a_topic_denied_is_left_aside_and_told(read, typed, words, told):
    understood = read(typed)
    assert understood.words == words
    assert [one.typed for one in understood.readings if one.kind == "denied"] == [told]
    assert words != read(typed, ignored=("denied",)).words


@pytest.mark.parametrize(
    "typed",
    [
        "not sure",
        "not alone",
        "can't sleep",
        "can't cope",
        "can't swim",
        "no money",
        "no food",
        "no friends",
        "no one to talk to",
        "not drinking",
        "not eating",
        "stop smoking",
        "I don't have cancer but my husband does",
        "no steps",
        "not noisy",
        "women only no men",
        "not happy",
        "dont want to be alone",
    ],
)
def test_what_is_lacking_is_a_topic(read, typed):
    assert not [
        one
        for one in read(typed).readings
        if one.kind == "denied" or (one.kind == "filter" and one.label.startswith("Not "))
    ]


@pytest.mark.parametrize(
    ("typed", "age"),
    [
        ("over 18", 18),
        ("over 40s", 40),
        ("over the age of 60", 60),
        ("60 plus", 60),
        ("55+", 55),
        ("65 and over", 65),
        ("over 65s", 65),
        ("18-25", 21),
        ("ages 8 to 10", 9),
        ("10-12 year olds", 11),
        ("under 5s", 2),
    ],
)
def test_ages(read, typed, age):
    understood = read(f"art {typed}")
    assert understood.query.age == age
    assert understood.words == "art"


@pytest.mark.parametrize(
    "typed",
    ["art under £5", "over 20 miles", "over 30 minutes", "2-4", "10 to 12", "24-7", "no kids", "up to 5"],
)
def test_numbers_that_are_no_age(read, typed):
    assert read(typed).query.age is None


def test_ages_are_said_as_ages(read):
    assert [one.label for one in read("art over 60s").readings if one.kind == "filter"] == ["Age 60 and over"]
    assert [one.label for one in read("art 18-25").readings if one.kind == "filter"] == ["Age 18 to 25"]
    assert [one.label for one in read("art 14 year old").readings if one.kind == "filter"] == ["Age 14"]


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("art after 6pm", {"times": ("evening",)}),
        ("art 10am", {"times": ("morning",)}),
        ("art 6.30pm", {"times": ("evening",)}),
        ("art before 9am", {"times": ("morning",)}),
        ("art 10am to 2pm", {"times": ("morning", "afternoon")}),
        ("lunchtime art", {"times": ("afternoon",)}),
        ("art friday night", {"days": ("fri",), "times": ("evening",)}),
        ("art this afternoon", {"when": "today", "times": ("afternoon",)}),
        ("art sat morning", {"days": ("sat",), "times": ("morning",)}),
        ("art thurs", {"days": ("thu",)}),
        ("art this eve", {"when": "today", "times": ("evening",)}),
        ("art week day", {"days": WEEK[:5]}),
        ("art 2moro", {"when": "tomorrow"}),
        ("art tmrw", {"when": "tomorrow"}),
        ("art wheel chair", {"access": ("step_free",)}),
        ("art hearingloop", {"access": ("hearing_loop",)}),
        ("art speaks Urdu", {"languages": ("ur",)}),
        ("urdu speaking art", {"languages": ("ur",)}),
        ("women only art", {"gender": "women", "circumstances": ("women",)}),
        ("art men only", {"gender": "men", "circumstances": ("men",)}),
    ],
)
def test_other_ways_to_say_a_filter(read, typed, values):
    understood = read(typed)
    assert {name: getattr(understood.query, name) for name in values} == values
    assert understood.words == "art"


@pytest.mark.parametrize(
    "typed",
    [
        "wedding dress",
        "newly wed",
        "I sat on my own",
        "quiet walk",
        "autism friendly swimming",
        "dog friendly walk",
        "bring my dog",
        "counselling low cost",
        "my husband died and the evenings are the worst",
        "anxiety worse at night",
        "cant get up in the morning",
        "night shift worker",
        "learn to speak spanish",
        "I dont speak english",
        "christmas eve",
    ],
)
def test_words_that_are_no_filter(read, typed):
    assert not [one for one in read(typed).readings if one.kind == "filter"]


def test_a_quality_that_stands_alone_is_a_filter(read):
    assert read("somewhere quiet").query.access == ("quiet_space",)
    assert read("quiet on mondays").query.access == ("quiet_space",)
    assert read("evenings are best for me").query.times == ("evening",)


def test_a_topic_in_another_order_is_the_topic(read):
    (topic,) = [one.slug for one in read("counselling low cost").readings if one.kind == "activity"]
    assert topic in [one.slug for one in read("low cost counselling").readings]


@pytest.mark.parametrize("typed", ["ME", "me", "ME support", "I have ME", "living with ME"])
def test_me_the_illness(read, typed):
    assert "pain_fatigue" in [one.slug for one in read(typed).readings]


@pytest.mark.parametrize("typed", ["help ME", "near me", "HELP ME NOW", "someone for me"])
def test_me_myself(read, typed):
    assert "pain_fatigue" not in [one.slug for one in read(typed).readings]


@pytest.mark.parametrize(
    "typed",
    [
        "gambling has taken over my life",
        "I cant get over my divorce",
        "my neighbour hit a ball over the fence",
    ],
)
def test_over_is_not_overeating(read, typed):
    assert "weight_food" not in [one.slug for one in read(typed).readings]
    assert "weight_food" in [one.slug for one in read("overeating").readings]


def test_who_may_come_is_not_whom_it_is_for(read):
    assert [one.label for one in read("art women only").readings if one.kind == "filter"] == ["Women only"]
    assert [one.label for one in read("male survivors").readings if one.kind == "filter"] == ["Open to men"]


def test_who_cannot_walk_is_sent_on_no_walk(read):
    assert "walking" not in [one.slug for one in read("cant walk").readings]
