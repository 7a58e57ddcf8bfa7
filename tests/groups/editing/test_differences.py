"""The three-way merge as plain data: nothing is lost, in either order."""

from copy import deepcopy

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groups.editing.differences import differences, leave_theirs, merge, still_clashing

quickly = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
TEXTS = st.sampled_from(["", "a", "b", "c"])


def session(uid, **changes):
    return {
        "pk": None, "uid": uid, "sort_order": 0, "label": "", "mode": "in_person", "frequency": "weekly",
        "weekdays": "tue", "interval": 1, "weeks_of_month": "", "first_date": None, "until": None, "start": "10:00:00",
        "end": "12:00:00", "term_time_only": False, "venue": None, "place_name": "", "place_address": "",
        "place_postcode": "", **changes,
    }  # fmt: skip


def content(**changes):
    return {
        "title": "Knitters", "summary": "", "description": "", "activities": [1, 2], "sessions": [session("x")],
        "contacts": [], "access_answers": [], "served_areas": [], "photos": [], "tagged_items": [], **changes,
    }  # fmt: skip


CONTENTS = st.builds(
    content,
    summary=TEXTS,
    description=TEXTS,
    activities=st.lists(st.integers(1, 4), unique=True),
    sessions=st.lists(
        st.builds(session, st.sampled_from("xyz"), label=TEXTS), unique_by=lambda row: row["uid"]
    ),
)


@quickly
@given(CONTENTS, CONTENTS)
def test_my_changes_onto_what_they_were_made_from_give_mine(base, mine):
    merged, clashes = merge(base, differences(base, mine), mine)
    assert clashes == []
    assert differences(merged, mine) == []


@quickly
@given(CONTENTS, CONTENTS, CONTENTS)
def test_nothing_anybody_wrote_is_lost_without_a_clash(base, theirs, mine):
    changed = differences(base, mine)
    merged, clashes = merge(theirs, changed, mine)
    clashed = {(clash.change.part, clash.change.row, clash.change.field) for clash in clashes}
    for change in differences(base, theirs):
        where = (change.part, change.row, change.field)
        undone = [one for one in differences(theirs, merged) if (one.part, one.row, one.field) == where]
        if change.part != "activities" and where not in clashed and not change.row:
            assert undone == []


@quickly
@given(CONTENTS, CONTENTS, CONTENTS)
def test_terms_never_clash_and_keep_both_peoples_ticks(base, theirs, mine):
    merged, clashes = merge(theirs, differences(base, mine), mine)
    assert all(clash.change.part != "activities" for clash in clashes)
    old, his, my_own, both = (set(one["activities"]) for one in (base, theirs, mine, merged))
    assert both == (his | (my_own - old)) - (old - my_own)


@quickly
@given(CONTENTS, CONTENTS, CONTENTS)
def test_the_same_save_twice_changes_nothing_more(base, theirs, mine):
    changed = differences(base, mine)
    once, _clashes = merge(theirs, changed, mine)
    twice, clashes = merge(once, changed, mine)
    assert differences(once, twice) == []
    assert clashes == []


@quickly
@given(CONTENTS, CONTENTS, CONTENTS)
def test_merging_changes_none_of_what_it_was_given(base, theirs, mine):
    before = deepcopy((base, theirs, mine))
    merge(theirs, differences(base, mine), mine)
    assert (base, theirs, mine) == before


def test_two_fields_of_one_session_merge():
    base = content()
    theirs = content(sessions=[session("x", start="11:00:00")])
    mine = content(sessions=[session("x", label="Beginners")])
    merged, clashes = merge(theirs, differences(base, mine), mine)
    assert clashes == []
    assert (merged["sessions"][0]["start"], merged["sessions"][0]["label"]) == ("11:00:00", "Beginners")


def test_changing_what_another_took_away_is_a_clash_and_mine_comes_back_whole():
    mine = content(sessions=[session("x", label="Beginners")])
    merged, (clash,) = merge(content(sessions=[]), differences(content(), mine), mine)
    assert clash.theirs is None
    assert merged["sessions"][0]["start"] == "10:00:00"


def test_taking_away_what_another_changed_is_a_clash():
    theirs = content(sessions=[session("x", label="Beginners")])
    mine = content(sessions=[])
    _merged, (clash,) = merge(theirs, differences(content(), mine), mine)
    assert clash.theirs["label"] == "Beginners"


def test_a_price_is_a_number_and_a_text_has_lines():
    assert differences(content(cost_amount="3"), content(cost_amount="3.00")) == []
    assert differences(content(description="a\nb"), content(description="a\r\nb")) == []


@quickly
@given(CONTENTS, CONTENTS, CONTENTS)
def test_taking_theirs_for_every_clash_leaves_only_what_nobody_else_touched(base, theirs, mine):
    merged, clashes = merge(theirs, differences(base, mine), mine)
    keys = [clash.key for clash in clashes]
    assert {clash.change.part for clash in still_clashing(theirs, merged, keys)} == {
        clash.change.part for clash in clashes
    }
    left = merged
    for key in keys:
        left = leave_theirs(theirs, left, key)
    assert still_clashing(theirs, left, keys) == []
    clashing = places(clash.change for clash in still_clashing(theirs, merged, keys))
    assert places(differences(theirs, left)) == places(differences(theirs, merged)) - clashing


def places(changed):
    return {(one.part, one.row, one.field) for one in changed}


def test_a_key_that_names_nothing_takes_nothing():
    mine = content(summary="Mine.")
    for key in ("", "/", "no such//", "summary/x/y/z", "sessions/x"):
        assert leave_theirs(content(), mine, key) == mine
