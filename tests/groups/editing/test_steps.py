"""Every field of the model is within a volunteer's reach, at most five questions a page where that can be."""

import pytest
from modelcluster.models import get_all_child_relations

from groups.editing.differences import ROW_MODELS, ROWS, plain_fields, term_sets
from groups.editing.forms.base import StepForm
from groups.editing.forms.rows import AccessForm
from groups.editing.parts import DERIVED, PARTS
from groups.editing.steps import FOLLOWING, STEPS, TOPICS, topic_of
from groups.editing.today import FORMS
from groups.listings.choices import AccessFeature
from groups.models import GroupFacts, GroupPage

REACHED = {part for step in STEPS.values() for part in step.form.parts}
ONLY_STAFF = {"stage", "stage_note", "claimed"}
BY_A_COMMAND = {"erased_on"}
BY_ONE_PRESS = {"last_confirmed_at", "confirmed_by", "confirmed_by_user"}
IN_TODAYS_FORMS = {"status", "closed_on", "capacity", "capacity_on", "capacity_note", "location_visibility"}


def test_every_field_of_the_page_is_in_a_topic():
    fields = {*plain_fields(), *term_sets(), *ROWS}
    assert fields - REACHED == FOLLOWING
    assert REACHED - fields == set()


def test_every_relation_of_the_page_is_known_to_the_comparison():
    """A new kind of row must be merged and told, too."""
    children = {relation.get_accessor_name() for relation in get_all_child_relations(GroupPage)}
    assert children - {"wagtail_admin_comments"} == set(ROWS)


def test_every_fact_of_today_is_in_a_form_or_staffs():
    fields = {field.name for field in GroupFacts._meta.fields} - {"id", "group_uid"}
    assert fields == ONLY_STAFF | BY_A_COMMAND | BY_ONE_PRESS | IN_TODAYS_FORMS
    assert {name for topic in TOPICS for name in topic.today} | {"cancel", "move", "close"} == set(FORMS)


def test_every_part_has_a_name_for_people():
    assert {name for name, _label in PARTS} | set(DERIVED) == {*plain_fields(), *term_sets(), *ROWS}
    assert set(ROW_MODELS) | {"tagged_items"} == set(ROWS)


def test_every_access_feature_is_asked_once():
    asked = [
        feature
        for step in STEPS.values()
        if issubclass(step.form, AccessForm)
        for feature in step.form.features
    ]
    assert sorted(asked) == sorted(AccessFeature)


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_a_page_asks_at_most_five_things(step, group):
    form: StepForm = step.form(page=group, row="")
    # An access answer and its words are one question; a place has its own search box.
    questions = [name for name in form.fields if not name.endswith("_detail") and name != "place"]
    assert 1 <= len(questions) <= 5
    assert topic_of(step.slug)


def test_a_sentence_typed_over_several_lines_is_one(group):
    typed = {
        "title": group.title,
        "summary": "We knit\r\n\r\n and natter. ",
        "description": "One.\r\n\r\nTwo.",
    }
    form = STEPS["about"].form(typed, page=group, row="")
    assert form.is_valid(), form.errors
    form.put()
    assert (group.summary, group.description) == ("We knit and natter.", "One.\n\nTwo.")
