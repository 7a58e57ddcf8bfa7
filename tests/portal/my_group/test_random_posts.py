"""Whatever is posted to whatever page of My group: an answer, never a failure of the server."""

import uuid

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groups.editing.steps import STEPS
from groups.editing.today import FORMS
from groups.listings.models import GroupPage
from tests.factories import ActivityFactory, CircumstanceFactory, LanguageFactory, NeedFactory

POSTS = 50
AT_ONCE = 20
"""POSTS × AT_ONCE posts: 1,000."""

ODD = st.sampled_from(
    [
        "",
        "0",
        "-1",
        "9" * 40,
        "NaN",
        "1e400",
        "\x00",
        "<script>",
        "every Tuesday 10am to 12 noon",
        "every other Friday",
        "31 February 2027",
        "CM1 1QH",
        "new",
        "none",
        "hidden",
        "2026-02-30",
        "25:61",
        "on",
        "unknown",
        "phone",
        "radius",
        "in_person",
        "safety",
        "fact",
        "a" * 5000,
        "%(x)s %s {0}",
        "\u202e\ud7ff😀",
        str(uuid.UUID(int=7)),
        f"{uuid.UUID(int=7)} 2026-12-01",
    ]
)
NAMES = st.sampled_from(
    [
        "base", "find", "preview", "remove", "title", "summary", "description", "activities", "needs", "organisation", "tags",
        "circumstances", "age_min", "age_max", "gender", "languages", "kind", "value", "label", "visibility", "place", "miles",
        "when", "mode", "venue", "new_name", "new_postcode", "new_town", "place_name", "times_note", "area_name",
        "getting_there", "cost_kind", "cost_amount", "cost_note", "joining_kind", "lift", "lift_detail", "alt", "decorative",
        "focus", "photo", "bring_someone", "first_visit_note", "undo", "space-capacity", "status-status", "status-closed_on",
        "place-visibility", "place-sure", "cancel-which", "move-which", "move-to_date", "move-start", "move-venue",
        "close-month", "close-first_day", "close-last_day", "name", "postcode", "do", "state", "revision", "row", "reason",
        "theirs", "clash", "words", "email", "subject", "seen_help", "reference", "note", "near", "none",
    ]
)  # fmt: skip
POST = st.tuples(
    st.integers(min_value=0, max_value=10_000),
    st.dictionaries(NAMES, st.one_of(ODD, st.text(max_size=30)), max_size=12),
    st.booleans(),
)


@pytest.fixture
def addresses(at, group, site_tree):
    for make in (ActivityFactory, NeedFactory, CircumstanceFactory, LanguageFactory):
        make()
    row = str(group.sessions.get().uid)
    return [
        *(at("step", step.slug) for step in STEPS.values() if not step.is_for_rows),
        *(at("row", step.slug, uuid.UUID(int=5)) for step in STEPS.values() if step.is_for_rows),
        at("row", "sessions", row),
        *(at("today", name) for name in FORMS),
        at("take_back"),
        at("send"),
        at("problems"),
        reverse("report_problem", args=[group.uid]),
        at("venue", group.sessions.get().venue.uid),
        reverse("my_group_start"),
    ]


@pytest.mark.long
@settings(
    max_examples=POSTS,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    database=None,
)
@given(posts=st.lists(POST, min_size=AT_ONCE, max_size=AT_ONCE))
def test_a_thousand_posts_never_fail(mine, addresses, at, group, posts):
    for which, typed, well_formed in posts:
        address = addresses[which % len(addresses)]
        base = {"base": str(GroupPage.objects.get(pk=group.pk).latest_revision_id)} if well_formed else {}
        answer = mine.post(address, {**typed, **base})
        assert answer.status_code in (200, 302, 404, 409, 422, 429), (address, typed, answer.status_code)
    assert mine.get(at()).status_code == 200
