"""The rules that filters cannot say, as scripts over packed records: what `engines.embedded.filters` and `.ranking` do.

The index only narrows down: it leaves every listing that may satisfy a query, and some that do not. The scripts read the
records of the embedded index (`documents.packed`) and have the last word, so that conditions hold on one and the same
session without joins. A listing's record is read once: JUDGE counts it and keeps it for the page, if it is good enough.
One source for all queries, so that the server compiles each script once; what differs is given as a list of numbers, since a
script reads a named parameter ten times slower.
"""

import re
from collections.abc import Sequence
from math import radians
from string import Template
from typing import Any

import numpy as np

from groups.places.distance import EARTH_RADIUS_MILES
from search import ranking
from search.engines.elasticsearch.documents import FACTS_FROM, VERSION_FROM
from search.engines.elasticsearch.painless import AFTER, FITS_TEXT, JUDGE_TEXT, LONGER
from search.engines.elasticsearch.scoring import BONUS
from search.engines.embedded.columns import FROM_ANYWHERE
from search.engines.embedded.meetings import WHEN_BIT
from search.index import records
from search.query import Sort

# Where each count stands among those that JUDGE returns; session bits first.
TOTAL, SPACE, AGE, CHECKED, FACETS = 64, 65, 66, 67, 72
_PLACES = 1_024  # at first
NEVER = 1e15
_MOST_SESSIONS = 32_766 // records.SESSIONS.itemsize  # of one listing: no record is longer
NO_MASK = -1
MOST_MONTHS = 4
SURELY = 0.9  # what is left of a distance on a flat map, so that the globe's is surely not less


def _offsets(prefix: str, record: np.dtype) -> dict[str, int]:
    assert record.fields is not None  # noqa: S101
    return {f"{prefix}_{name}": int(record.fields[name][1]) for name in record.fields}


_CONSTANTS: dict[str, Any] = {
    **_offsets("facts", records.FACTS),
    **_offsets("session", records.SESSIONS),
    **_offsets("served", records.SERVED),
    "facts": records.FACTS.itemsize,
    "session": records.SESSIONS.itemsize,
    "served": records.SERVED.itemsize,
    "district_length": records.SERVED["district"].itemsize,
    "words": records.OCCURRENCE_WORDS,
    **{f"by_{sort}": place for place, sort in enumerate(Sort)},
    "scale": float(records.POSITION_SCALE),
    "earth": EARTH_RADIUS_MILES,
    "nowhere": f"({records.NOWHERE + 1} - 1)",  # the lowest int cannot be written
    "no_time": records.NO_TIME,
    "country": records.SERVES_COUNTRY,
    "district": records.SERVES_DISTRICT,
    "radius": records.SERVES_RADIUS,
    "stopped": records.PAUSED | records.CLOSED,
    "moved": f"{records.MOVED}L",
    "from_anywhere": f"{FROM_ANYWHERE}L",
    "no_mask": f"{NO_MASK}L",
    "fixed": f"{sum((*records.SESSION_BITS['day'].values(), *records.SESSION_BITS['time'].values()))}L",
    "day_bits": f"{sum(records.SESSION_BITS['day'].values())}L",
    "when_bit": WHEN_BIT,
    "never": NEVER,
    "version_from": VERSION_FROM,
    "facts_from": FACTS_FROM,
    # Miles to a unit of position; a flat map is wrong by less than what is taken off (`judging`).
    "surely": SURELY * radians(1 / records.POSITION_SCALE) * EARTH_RADIUS_MILES,
    "confirmed": records.CONFIRMED,
    "has_space": records.HAS_SPACE,
    "full": records.FULL,
    "near_half": ranking.NEAR_HALF_MILES,
    "serves_near": ranking.SERVES_NEAR,
    "checked_new": ranking.CHECKED_VALUE["checked"],
    "checked_due": ranking.CHECKED_VALUE["due"],
    "checked_overdue": ranking.CHECKED_VALUE["overdue"],
    **{f"space_{name}": value for name, value in ranking.SPACE_VALUE.items()},
    "bonus": BONUS,
    "tier": ranking.OVERDUE_TIER,
    "weight_match": ranking.MATCH,
    "weight_near": ranking.NEAR,
    "weight_checked": ranking.CHECKED,
    "weight_space": ranking.SPACE,
    "paused": ranking.PAUSED_PENALTY,
    "TOTAL": TOTAL,
    "SPACE": SPACE,
    "AGE": AGE,
    "CHECKED": CHECKED,
    "FACETS": FACETS,
    "PLACES": _PLACES,
}


# The numbers that each script is given, in this order.
FITS_GIVEN = (
    "all", "today", "minutes", "radius", "lat", "lon", "south", "west", "north", "east", "cosine", "well_inside",
    "days", "times", "modes", "access", "span",
)  # fmt: skip
JUDGE_GIVEN = (
    *FITS_GIVEN, "counted", "of_sessions", "week", "today_", "tomorrow", "seven", "weekend", "weekday", "known_since", "age",
    *(f"since_{place}" for place in range(MOST_MONTHS)), "wanted", "by", "overdue_before", "due_before",
)  # fmt: skip


def _source(script: str, given: Sequence[str], *, is_array: bool = False, **more: Any) -> str:
    """A script with its constants, and its numbers read from `given`: a list, or arrays of whole numbers and others."""
    numbers: dict[str, str] = {}
    for place, name in enumerate(given):
        one = f"((Double) given.get({place}))"
        numbers |= {f"{kind}_{name}": f"{one}.{kind}Value()" for kind in ("int", "long", "double")}
        if is_array:
            numbers |= {
                f"int_{name}": f"(int) whole[{place}]",
                f"long_{name}": f"whole[{place}]",
                f"double_{name}": f"given[{place}]",
            }
    where = "List given = params.given;"
    if is_array:
        where = "double[] given = (double[]) state.given; long[] whole = (long[]) state.whole;"
    source = Template(script).substitute({**_CONSTANTS, **numbers, "given": where, **more})
    return re.sub(r"\s*\n\s*", "\n", re.sub(r"/\*.*?\*/", "", source)).strip()


FITS = _source(FITS_TEXT, FITS_GIVEN)
JUDGE = {
    with_match: _source(JUDGE_TEXT, JUDGE_GIVEN, is_array=True, match="_score" if with_match else "0.0")
    for with_match in (True, False)
}
JUDGE_BEGINS = f"""
{AFTER}
List given = params.given;
double[] numbers = new double[given.size()];
long[] whole = new long[given.size()];
for (int i = 0; i < numbers.length; i++) {{ numbers[i] = (double) given.get(i); whole[i] = (long) numbers[i]; }}
state.given = numbers;
state.whole = whole;
state.counts = new int[{_PLACES}];
state.taken = new int[{_MOST_SESSIONS}];
state.best = new PriorityQueue((one, other) -> after((long[]) other, (long[]) one));
"""
JUDGE_ENDS = "return ['counts': state.counts, 'page': new ArrayList((PriorityQueue) state.best)];"
JUDGE_JOINS = f"""
{AFTER}
{LONGER}
int[] counts = new int[0];
List best = new ArrayList(), page = new ArrayList();
for (def state : states) {{
  if (state == null) {{ continue; }}
  int[] some = (int[]) state.counts;
  if (some.length > counts.length) {{ counts = longer(counts, some.length); }}
  for (int i = 0; i < some.length; i++) {{ counts[i] += some[i]; }}
  best.addAll((List) state.page);
}}
best.sort((one, other) -> after((long[]) one, (long[]) other));
int first = params.first;
for (int i = first; i < best.size() && i < first + params.shown; i++) {{
  long[] one = (long[]) best.get(i);
  page.add([one[2], one[3], Double.longBitsToDouble(one[4]), one[5], one[6], Double.longBitsToDouble(one[7]), one[8] == 1L]);
}}
List counted = new ArrayList();
for (int i = 0; i < counts.length; i++) {{ if (counts[i] > 0) {{ counted.add(i); counted.add(counts[i]); }} }}
return ['counts': counted, 'page': page];
"""
