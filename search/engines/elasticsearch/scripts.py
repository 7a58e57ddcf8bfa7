"""The rules that filters cannot say, as scripts over packed records: what `engines.embedded.filters` and `.ranking` do.

The index only narrows down: it leaves every listing that may satisfy a query, and some that do not. The scripts read the
records of the embedded index (`documents.packed`) and have the last word, so that conditions hold on one and the same
session without joins. One source for all queries, so that the server compiles each script once; what differs is given as a
list of numbers, since a script reads a named parameter ten times slower.
"""

from collections.abc import Sequence
from string import Template
from typing import Any

import numpy as np

from groups.places.distance import EARTH_RADIUS_MILES
from search import ranking
from search.engines.elasticsearch.scoring import BONUS
from search.engines.embedded.columns import FROM_ANYWHERE
from search.engines.embedded.meetings import WHEN_BIT
from search.index import records
from search.query import Sort

# Where each count stands among those that COUNT returns; session bits first.
TOTAL, SPACE, AGE, CHECKED, FACETS = 64, 65, 66, 67, 72
NOT_FOUND = 1e18  # the order of what does not satisfy the query after all
_NEVER = 1e15
NO_MASK = -1
MOST_MONTHS = 4

_READING = """
int u2(byte[] b, int at) { return (b[at] & 0xFF) | ((b[at + 1] & 0xFF) << 8); }
int i4(byte[] b, int at) { return u2(b, at) | (u2(b, at + 2) << 16); }
long i8(byte[] b, int at) { return (i4(b, at) & 0xFFFFFFFFL) | ((long) i4(b, at + 4) << 32); }

/* The days it meets among the 64 from a day on, a bit each. */
long meets(byte[] b, int s, int first) {
  int base = u2(b, s + $session_base);
  if (base == 0) { return 0L; }
  int word = (first - base) >> 6, skipped = (first - base) & 63;
  long found = word >= 0 && word < $words ? i8(b, s + $session_days + 8 * word) >>> skipped : 0L;
  if (skipped > 0 && word >= -1 && word < $words - 1) {
    found |= i8(b, s + $session_days + 8 * word + 8) << (64 - skipped);
  }
  return found;
}
/* The first day from a day on that it meets; -1 for none. */
int firstDay(byte[] b, int s, int first) {
  int last = u2(b, s + $session_base) + 64 * $words;
  for (int day = first; day < last; day += 64) {
    long found = meets(b, s, day);
    if (found != 0L) { return day + Long.numberOfTrailingZeros(found); }
  }
  return -1;
}
/* Minutes to the next meeting that is not over: one from yesterday may still go on. */
double next(byte[] b, int s, int today, int minutes) {
  int start = u2(b, s + $session_start), end = u2(b, s + $session_end);
  boolean timed = start != $no_time;
  if (timed && end > 1440 && end - 1440 > minutes && (meets(b, s, today - 1) & 1L) != 0L) {
    return (today - 1) * 1440.0 + start;
  }
  int day = firstDay(b, s, timed && end <= minutes ? today + 1 : today);
  return day < 0 ? $never : day * 1440.0 + (timed ? start : 0);
}
double miles(byte[] b, int at, double lat, double lon) {
  double phi = Math.toRadians(lat), other = Math.toRadians(i4(b, at) / $scale);
  double across = Math.sin((other - phi) / 2), along = Math.sin(Math.toRadians(i4(b, at + 4) / $scale - lon) / 2);
  double half = across * across + Math.cos(phi) * Math.cos(other) * (along * along);
  return 2 * $earth * Math.asin(Math.min(1.0, Math.sqrt(half)));
}
boolean inDistrict(byte[] b, int at, String code) {
  if (code.length() == 0) { return false; }
  for (int i = 0; i < $district_length; i++) {
    if ((b[at + i] & 0xFF) != (i < code.length() ? (int) code.charAt(i) : 0)) { return false; }
  }
  return true;
}
/* Whether a served area holds the place asked for. */
boolean serves(byte[] b, int first, int end, double lat, double lon, String code) {
  for (int area = first; area < end; area += $served) {
    int kind = b[area];
    if (kind == $country || (kind == $district && inDistrict(b, area + $served_district, code))) { return true; }
    if (kind == $radius
        && miles(b, area + $served_latitude, lat, lon) <= Float.intBitsToFloat(i4(b, area + $served_miles))) {
      return true;
    }
  }
  return false;
}
"""

_FACTS = """
$given
BytesRef packed = doc['packed'].value;
byte[] b = packed.bytes;
int facts = packed.offset;
int flags = b[facts + $facts_state];
boolean running = (flags & $stopped) == 0;
"""

# Goes through the sessions that satisfy the query; what is done with each stands at $each. Where it matters only whether one
# is near enough, those well inside the radius are not measured on the globe.
_SESSIONS = (
    _FACTS
    + """
int end = facts + packed.length;
int facets = facts + $facts, areas = facets + 2 + 2 * u2(b, facets) + 2;
int first = areas + $served * u2(b, areas - 2);
int today = $int_today, minutes = $int_minutes;
double radius = $double_radius, lat = $double_lat, lon = $double_lon;
int south = $int_south, west = $int_west, north = $int_north, east = $int_east;
long ofDays = $long_days, ofTimes = $long_times, ofModes = $long_modes, ofAccess = $long_access, span = $long_span;
boolean ofMeetings = ofDays != 0L || ofTimes != 0L || span != $no_mask || $counts;
boolean found = $int_all == 1;
$before
for (int s = first; s < end; s += $session) {
  long bits = i8(b, s + $session_bits);
  if ((ofDays != 0L && (bits & ofDays) == 0L) || (ofTimes != 0L && (bits & ofTimes) == 0L)
      || (ofModes != 0L && (bits & ofModes) == 0L) || (bits & ofAccess) != ofAccess) { continue; }
  boolean moved = (bits & $moved) != 0L, live = true;
  long days = 0L;
  if (ofMeetings || moved) {
    days = meets(b, s, today);
    if (u2(b, s + $session_end) <= minutes) { days &= -2L; }
    live = days != 0L || firstDay(b, s, today + 64) >= 0;
    /* A single moved date that is over: nobody meets there any more. */
    if (moved && !live && next(b, s, today, minutes) == $never) { continue; }
    if (!live && (ofDays != 0L || ofTimes != 0L)) { continue; }
    if (span != $no_mask && (!running || (days & span) == 0L)) { continue; }
  }
  double away = -1;
  if (radius > 0) {
    int up = i4(b, s + $session_latitude), along = i4(b, s + $session_longitude);
    if (up != $nowhere) {
      if (up < south || up > north || along < west || along > east) { continue; }
      double upward = up - lat * $scale, sideways = (along - lon * $scale) * $double_cosine;
      if ($only_whether && upward * upward + sideways * sideways < $double_well_inside) {
        away = 0;
      } else {
        away = miles(b, s + $session_latitude, lat, lon);
        if (away > radius) { continue; }
      }
    } else if ((first > areas || (bits & $from_anywhere) == 0L)
        && !serves(b, areas, first, lat, lon, params.district)) { continue; }
  }
  found = true;
  $each
}
"""
)

_FITS_TEXT = (
    Template(_READING + _SESSIONS).safe_substitute(
        counts="false", only_whether="true", before="", each="return true;"
    )
    + "return found;"
)

# From the nearest meeting (miles), and whether it comes to the place asked for.
_FORMULA = """
int checked = u2(b, facts + $facts_checked);
boolean confirmed = (flags & $confirmed) != 0;
int overdueBefore = $int_overdue_before, dueBefore = $int_due_before, knownSince = $int_known_since;
double near = nearest < $never ? Math.rint($near_half / ($near_half + nearest) * 1e6) / 1e6 : 0;
if (comes) { near = Math.max(near, $serves_near); }
boolean overdue = checked > 0 && checked < overdueBefore;
double freshness = confirmed && checked >= dueBefore ? $checked_new : overdue ? $checked_overdue : $checked_due;
boolean known = u2(b, facts + $facts_capacity_on) >= knownSince;
double space = !known ? $space_unknown : (flags & $full) != 0 ? $space_full
  : (flags & $has_space) != 0 ? $space_space : $space_unknown;
double match = $match;
if (match >= $bonus) { match -= $bonus; }
double score = (overdue ? $tier : 0.0) + $weight_match * match + $weight_near * near + $weight_checked * freshness
  + $weight_space * space - (running ? 0.0 : $paused);
return -Math.rint(score * 1e6) / 1e6;
"""

_ORDER_TEXT = (
    Template(_READING + _SESSIONS).safe_substitute(
        counts="false",
        only_whether="false",
        before="""
double nearest = $never, soonest = $never;
boolean comes = false;
int by = $int_by;
if (found && by != $by_soonest) { first = end; }
""",
        each="""
  if (away >= 0) { nearest = Math.min(nearest, away); } else if (radius > 0) { comes = true; }
  if (by == $by_soonest) { soonest = Math.min(soonest, next(b, s, today, minutes)); }
""",
    )
    + """
if (!found) { return $not_found; }
if (by == $by_nearest) { return nearest; }
if (by == $by_soonest) { return running ? soonest : $never; }
if (by == $by_checked) {
  return -(u2(b, facts + $facts_checked) + ((flags & $confirmed) != 0 ? 100000.0 : 0.0));
}
"""
    + _FORMULA
)

# The best match first, where nothing is asked of sessions.
_STANDING_TEXT = (
    _READING
    + _FACTS
    + """
double nearest = $never;
boolean comes = false;
"""
    + _FORMULA
)

_COUNT_TEXT = (
    Template(_READING + _SESSIONS).safe_substitute(
        counts="$int_of_sessions == 1",
        only_whether="true",
        before="""
int[] counts = (int[]) state.counts;
long all = 0L, week = $long_week, today_ = $long_today_, tomorrow = $long_tomorrow, seven = $long_seven;
long weekend = $long_weekend;
int weekday = $int_weekday;
""",
        each="""
  if ($int_of_sessions == 0) { break; }
  if (!live) { bits &= ~$fixed; }
  if (running) {
    if ((days & today_) != 0L) { bits |= 1L << $when_bit; }
    if ((days & tomorrow) != 0L) { bits |= 1L << ($when_bit + 1); }
    if ((days & seven) != 0L) { bits |= 1L << ($when_bit + 2); }
    if ((days & weekend) != 0L) { bits |= 1L << ($when_bit + 3); }
  }
  if (week != $no_mask) {
    bits &= ~$day_bits;
    for (long open = running ? days & week : 0L; open != 0L; open &= open - 1L) {
      bits |= 1L << ((weekday + Long.numberOfTrailingZeros(open)) % 7);
    }
  }
  all |= bits;
""",
    )
    + """
if (!found) { return; }
counts[$TOTAL]++;
for (; all != 0L; all &= all - 1L) { counts[Long.numberOfTrailingZeros(all)]++; }
for (int at = facets + 2; at < areas - 2; at += 2) { counts[$FACETS + u2(b, at)]++; }
int knownSince = $int_known_since, age = $int_age;
if ((flags & $has_space) != 0 && u2(b, facts + $facts_capacity_on) >= knownSince) { counts[$SPACE]++; }
if (age >= (b[facts + $facts_age_min] & 0xFF) && age <= (b[facts + $facts_age_max] & 0xFF)) { counts[$AGE]++; }
if ((flags & $confirmed) != 0) {
  int checked = u2(b, facts + $facts_checked);
  if (checked >= $int_since_0) { counts[$CHECKED]++; }
  if (checked >= $int_since_1) { counts[$CHECKED + 1]++; }
  if (checked >= $int_since_2) { counts[$CHECKED + 2]++; }
  if (checked >= $int_since_3) { counts[$CHECKED + 3]++; }
}
"""
)


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
    "never": _NEVER,
    "not_found": NOT_FOUND,
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
}


# The numbers that each script is given, in this order.
FITS_GIVEN = (
    "all", "today", "minutes", "radius", "lat", "lon", "south", "west", "north", "east", "cosine", "well_inside",
    "days", "times", "modes", "access", "span",
)  # fmt: skip
STANDING_GIVEN = ("overdue_before", "due_before", "known_since")
ORDER_GIVEN = (*FITS_GIVEN, "by", *STANDING_GIVEN)
COUNT_GIVEN = (
    *FITS_GIVEN, "week", "today_", "tomorrow", "seven", "weekend", "weekday", "known_since", "age", "of_sessions",
    *(f"since_{place}" for place in range(MOST_MONTHS)),
)  # fmt: skip


def _source(script: str, given: Sequence[str], *, is_array: bool = False, **more: Any) -> str:
    """A script with its constants, and its numbers read from `given`: a list, or an array of doubles."""
    numbers = {
        f"{kind}_{name}": f"({kind}) given[{place}]"
        if is_array
        else f"((Double) given.get({place})).{kind}Value()"
        for place, name in enumerate(given)
        for kind in ("int", "long", "double")
    }
    where = "double[] given = (double[]) state.given;" if is_array else "List given = params.given;"
    return Template(script).substitute({**_CONSTANTS, **numbers, "given": where, **more})


FITS = _source(_FITS_TEXT, FITS_GIVEN)
ORDER, STANDING = (
    {match: _source(text, given, match="_score" if match else "0.0") for match in (True, False)}
    for text, given in ((_ORDER_TEXT, ORDER_GIVEN), (_STANDING_TEXT, STANDING_GIVEN))
)
COUNT = _source(_COUNT_TEXT, COUNT_GIVEN, is_array=True)
COUNT_BEGINS = f"""
List given = params.given;
double[] numbers = new double[given.size()];
for (int i = 0; i < numbers.length; i++) {{ numbers[i] = (double) given.get(i); }}
state.given = numbers;
state.counts = new int[{FACETS + 65_536}];
"""
COUNT_ENDS = """
List found = new ArrayList();
int[] counts = (int[]) state.counts;
for (int i = 0; i < counts.length; i++) { if (counts[i] > 0) { found.add(i); found.add(counts[i]); } }
return found;
"""
