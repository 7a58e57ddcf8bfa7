import csv
from datetime import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groups.schedule.opening_times import read_opening_times
from groups.schedule.words import describe

SHARED = Path(__file__).parents[4] / "shared" / "data"

READ = {
    # Trafford's list of food banks
    "Wednesday 10am - 4pm": "Every Wednesday, 10am to 4pm",
    "Wednesday 9:30am - 12noon": "Every Wednesday, 9.30am to 12 noon",
    "Tuesday - Friday 12noon - 2pm": "Tuesday to Friday, 12 noon to 2pm",
    "Thursday 1.30 - 3.30pm": "Every Thursday, 1.30pm to 3.30pm",
    "Weds 12-2pm": "Every Wednesday, 12 noon to 2pm",
    "Tuesday 6pm - 8pm and Sunday 3pm - 5pm": "Every Tuesday, 6pm to 8pm | Every Sunday, 3pm to 5pm",
    "Tuesdays & Fridays 12pm - 3pm; 1st Saturday of month 10am - 12noon": (
        "Every Tuesday and Friday, 12 noon to 3pm | First Saturday of the month, 10am to 12 noon"
    ),
    "Tuesday from 11am": "Every Tuesday, 11am",
    "Monday & Friday 12noon": "Every Monday and Friday, 12 noon",
    "Saturday & Sunday 7am - 9am.": "Every Saturday and Sunday, 7am to 9am",
    "By appointment": "By arrangement",
    "Appointment": "By arrangement",
    "Fri 4.30 - 5.30pm Sat 10 - 11am": "Every Friday, 4.30pm to 5.30pm | Every Saturday, 10am to 11am",
    "Tues , Wed, Thursday, 11am - 2pm and Friday 11am - 4pm": (
        "Tuesday to Thursday, 11am to 2pm | Every Friday, 11am to 4pm"
    ),
    "Tues/Weds 10am - 12pm. Thurs 10am - 2pm": (
        "Every Tuesday and Wednesday, 10am to 12 noon | Every Thursday, 10am to 2pm"
    ),
    "Monday - Thursday 11:30am - 2pm and Monday - Thursday 5pm - 8pm": (
        "Monday to Thursday, 11.30am to 2pm | Monday to Thursday, 5pm to 8pm"
    ),
    "Mon 1-2pm Thurs 10-11am Sat 12- 1pm": (
        "Every Monday, 1pm to 2pm | Every Thursday, 10am to 11am | Every Saturday, 12 noon to 1pm"
    ),
    "Mon - Sat 10.00 - 4.00": "Monday to Saturday, 10am to 4pm",
    # warm spaces
    "Monday: 09:00 - 18:00, Tuesday: 09:00 - 17:00": "Every Monday, 9am to 6pm | Every Tuesday, 9am to 5pm",
    "Mon, Wed & Fri 9:30am-12noon; Thu 1-3pm": (
        "Every Monday, Wednesday and Friday, 9.30am to 12 noon | Every Thursday, 1pm to 3pm"
    ),
    "First Saturday of the month 10am – 3pm": "First Saturday of the month, 10am to 3pm",
    "Monday: 10:00 - 12:00 / 14:00 - 16:00, Tuesday: 10:00 - 12:00": (
        "Every Monday and Tuesday, 10am to 12 noon | Every Monday, 2pm to 4pm"
    ),
    "Monday 9:30am to 4:30pmTuesday 9:30am to 4:30pm": "Every Monday and Tuesday, 9.30am to 4.30pm",
    "Monday to Friday, 4:00pm to 10:00pm Saturday, 2:00pm to 6:00pm": (
        "Monday to Friday, 4pm to 10pm | Every Saturday, 2pm to 6pm"
    ),
    "Mon: 10am-1pm & 2pm-4pm, Tues & Weds: Closed, Thurs: 2pm-4pm": (
        "Every Monday, 10am to 1pm | Every Monday and Thursday, 2pm to 4pm"
    ),
    "Monday: 9.30am – 5pm; Sunday: Closed": "Every Monday, 9.30am to 5pm",
    "Monday 9am-5pm, closed Sunday": "Every Monday, 9am to 5pm",
    "Every 3rd Thursday in the month between 12 and 1.30pm": "Third Thursday of the month, 12 noon to 1.30pm",
    "Friday: 10:00 - 12:00 Fortnightly": "Every other Friday, 10am to 12 noon",
    "Thursday: 10am to 1pm (Term time only).": "Every Thursday, 10am to 1pm, in term time",
    "Tuesday - 6 - 8.15pm Friday - 6.30 - 9pm": "Every Tuesday, 6pm to 8.15pm | Every Friday, 6.30pm to 9pm",
    "9 - 4 Monday - Friday": "Monday to Friday, 9am to 4pm",
    "Saturday: 20:00 - 03:00": "Every Saturday, 8pm to 3am",
    "Monday to Sunday": "Every day",
    # OpenStreetMap's way
    "Mo 09:00-18:00; Tu 09:00-17:00": "Every Monday, 9am to 6pm | Every Tuesday, 9am to 5pm",
    "Sa 11:00-13:00": "Every Saturday, 11am to 1pm",
    "Mo-Th 12:00-13:30,14:00-15:30; Fr 14:00-15:30": (
        "Monday to Thursday, 12 noon to 1.30pm | Monday to Friday, 2pm to 3.30pm"
    ),
    "Th[1] 10:30-12:00; Th[3] 14:30-16:00": (
        "First Thursday of the month, 10.30am to 12 noon | Third Thursday of the month, 2.30pm to 4pm"
    ),
    "Sa[2,4] 10:30-12:30": "Second and fourth Saturday of the month, 10.30am to 12.30pm",
    "We[-1] 19:30-21:30": "Last Wednesday of the month, 7.30pm to 9.30pm",
}

NOT_READ = {
    "": "",
    "NA": "NA",
    "Not known": "Not known",
    "One morning per week": "One morning per week",
    "24/7 upon request": "upon request",
    "Mon - Fri by appointment": "by appointment",
    "Monday - Friday 8am - 4pm. Please ring.": "Please ring",
    "Mon & Thur 1-3pm (except bank holidays)": "except bank holidays",
    "Monday - Saturday 7.30am = 4.30pm": "=",
    "Thursday 4 - 6pm Job Club Monday 1 - 2pm": "Job Club",
    "Daily (except Tues & Sat) 10:30am - 12pm": "except",
    "9-5pm": None,
    "Tuesday: 10:00 - 04:00": None,
    "Tuesday: 02:00 - 04:00": None,
    "Saturday: 12:00 - 01:30": None,
    "Monday: 00:00 - 00:00, Thursday: 10:00 - 11:30": None,
    "Monday: 09:00 - 17:30 / 12:30 - 13:30": None,
    "Sunday: Closed / 08:00 - 20:00": None,
    "Tuesday: 09:00 - 19:00 / 09:00": None,
    "Sunday: 12:00 - 14:00 Monthly": None,
    "Thursday 10:00 - 12:00, Friday 14:00 - 16:00 Fortnightly": None,
    "Every other Monday 10-12, Tuesday 2-4": None,
    "Monday 10-12, fortnightly, Tuesday 2-4": None,
    "Fortnightly: Mon 10-12; Tue 2-4": None,
    "Mo-Fr 09:00-15:00; Mo 12:00-15:00": None,
    "Mo-Fr 09:00-12:00; We 14:00-16:00": None,
    "Sa 12:15-13:30; Sa[1] 14:30-16:30": None,
    "Mo[1]-Fr 10:00-12:00": None,
    "Mo[1],Fr 10:00-12:00": None,
    "Mo,Fr[1] 10:00-12:00": None,
    "First Th[3] 10:00-12:00": None,
    "Monday 10-12 closed Tuesday": None,
    "Monday\nTuesday 10-12": None,
    "Monday 10-12, Tuesday": None,
    "Monday 10-12, 5 December 2-4": None,
    "Saturday 5 December 2026 2-4pm": None,
    "Tuesdays 10-12 until 5 December": None,
    "Tuesday, Wednesday 11.00am to 2.00pm from 1st November 2022": None,
    "Wednesday: 23:00": None,
    "Mo-Th 11:30-23:00; Fr-Sa 11:30-12:00": None,
    "We-Su 03:00-11:00": None,
}


@pytest.mark.parametrize(("text", "words"), READ.items(), ids=READ)
def test_read_with_certainty(text, words):
    reading = read_opening_times(text)
    assert " | ".join(map(describe, reading.rules)) == words
    assert reading.certain
    assert reading.left_over == ""


@pytest.mark.parametrize(("text", "left_over"), NOT_READ.items(), ids=NOT_READ)
def test_not_certain_is_not_read(text, left_over):
    reading = read_opening_times(text)
    assert (reading.certain, reading.rules) == (False, ())
    if left_over is not None:
        assert reading.left_over == left_over


WORDS = [
    "Mo",
    "Tuesday",
    "Fri[1]",
    "10",
    "12pm",
    "09:00",
    "24:00",
    "99",
    "0",
    "noon",
    "-",
    "to",
    "until",
    ",",
    ";",
    ".",
    "/",
    "and",
    "between",
    "from",
    "every",
    "first",
    "other",
    "of",
    "the",
    "month",
    "fortnightly",
    "5",
    "May",
    "closed",
    "term",
    "time",
    ":",
    "(",
]


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=60) | st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))
def test_any_text_is_answered_and_what_is_read_is_plausible(text):
    reading = read_opening_times(text)
    assert reading.certain == bool(reading.rules)
    for rule in reading.rules:
        if rule.start and rule.end and rule.end <= rule.start:
            assert rule.start >= time(17)
            assert rule.end <= time(4)


@pytest.mark.shared_data
@pytest.mark.skipif(not SHARED.exists(), reason="the real listings are not here")
@pytest.mark.parametrize(
    ("file", "column", "share"),
    [
        ("trafford/gm_food_banks.csv", "Opening times", 0.65),
        ("warm_spaces.csv", "hours_text", 0.70),
        ("warm_spaces.csv", "opening", 0.93),
    ],
)
def test_the_share_of_real_texts_that_is_read(file, column, share):
    with (SHARED / file).open(encoding="utf-8-sig", newline="") as source:
        texts = [row[column] for row in csv.DictReader(source) if row[column].strip()]
    sample = texts[:: 1 + len(texts) // 1000]
    read = sum(read_opening_times(text).certain for text in sample)
    assert read / len(sample) >= share
