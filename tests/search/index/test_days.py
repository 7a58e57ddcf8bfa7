"""The days that are remembered are those the rules say."""

from datetime import date, time, timedelta
from itertools import product

import pytest

from groups.schedule.occurrences import rule_dates
from groups.schedule.rules import LAST, Frequency, Rule, Span
from search.index.days import usual_days

FIRST = date(2027, 2, 1)
FINISH = FIRST + timedelta(days=200)
RULES = [
    Rule(Frequency.WEEKLY, weekdays=(1, 4), start=time(10)),
    Rule(Frequency.WEEKLY, weekdays=(2,), interval=2, first_date=date(2027, 1, 6)),
    Rule(Frequency.WEEKLY, weekdays=(2,), interval=2),
    Rule(Frequency.MONTHLY, weekdays=(1,), weeks_of_month=(1, LAST)),
    Rule(Frequency.MONTHLY, weekdays=(1,), weeks_of_month=(2,), interval=3, first_date=date(2027, 3, 9)),
    Rule(Frequency.ONCE, first_date=date(2027, 3, 3)),
    Rule(Frequency.ARRANGED),
]
BEGINS = [None, FIRST - timedelta(days=9), FIRST, FIRST + timedelta(days=40), FINISH + timedelta(days=1)]
UNTIL = [None, FIRST - timedelta(days=1), FIRST + timedelta(days=29), FINISH, FINISH + timedelta(days=9)]
TERM = Span(date(2027, 2, 22), date(2027, 4, 2))


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_wherever_a_rule_begins_and_ends(rule):
    for begins, until, in_term in product(BEGINS, UNTIL, (False, True)):
        own = Rule(
            rule.frequency,
            rule.weekdays,
            rule.interval,
            rule.weeks_of_month,
            rule.first_date or begins,
            until,
            rule.start,
            term_time_only=in_term,
        )
        wanted = [
            day for day in rule_dates(own, FIRST, FINISH) if not in_term or TERM.first <= day <= TERM.last
        ]
        assert list(usual_days(own, (TERM,), FIRST, FINISH)) == wanted
