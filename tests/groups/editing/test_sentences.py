"""A rule as a sentence and back: what is shown in the box is read as the same rule."""

from datetime import date

import pytest

from groups.editing.sentences import sentence_of, write_rule
from groups.models import GroupSession
from groups.schedule.rules import LAST, Frequency, Rule
from groups.schedule.spoken import read_sentence

RULES = [
    Rule(Frequency.WEEKLY, (1,)),
    Rule(Frequency.WEEKLY, (0, 1, 2), term_time_only=True),
    Rule(Frequency.WEEKLY, (1, 3), 2, first_date=date(2026, 12, 1), until=date(2027, 5, 1)),
    Rule(Frequency.MONTHLY, (6,), 1, (1, LAST)),
    Rule(Frequency.ONCE, first_date=date(2026, 12, 1)),
    Rule(Frequency.ARRANGED),
]


@pytest.mark.parametrize("rule", RULES, ids=sentence_of)
def test_the_sentence_in_the_box_is_read_as_the_same_rule(rule):
    assert read_sentence(sentence_of(rule), today=date(2026, 11, 22)) == rule


@pytest.mark.parametrize("rule", RULES, ids=sentence_of)
def test_a_session_holds_the_rule(rule):
    session = GroupSession()
    write_rule(session, rule)
    assert session.rule == rule
