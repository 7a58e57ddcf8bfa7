"""The rules of `scripts` in Painless, the server's language, with `$names` for constants and numbers that `scripts` fills in."""

from string import Template

_READING = """
int u2(ByteBuffer b, int at) { return b.getShort(at) & 0xFFFF; }

/* The days it meets among the 64 from a day on, a bit each. */
long meets(ByteBuffer b, int s, int first) {
  int base = u2(b, s + $session_base);
  if (base == 0) { return 0L; }
  int word = (first - base) >> 6, skipped = (first - base) & 63;
  long found = word >= 0 && word < $words ? b.getLong(s + $session_days + 8 * word) >>> skipped : 0L;
  if (skipped > 0 && word >= -1 && word < $words - 1) {
    found |= b.getLong(s + $session_days + 8 * word + 8) << (64 - skipped);
  }
  return found;
}
/* The first day from a day on that it meets; -1 for none. */
int firstDay(ByteBuffer b, int s, int first) {
  int last = u2(b, s + $session_base) + 64 * $words;
  for (int day = first; day < last; day += 64) {
    long found = meets(b, s, day);
    if (found != 0L) { return day + Long.numberOfTrailingZeros(found); }
  }
  return -1;
}
/* Minutes to the next meeting that is not over: one from yesterday may still go on. */
double next(ByteBuffer b, int s, int today, int minutes) {
  int start = u2(b, s + $session_start), end = u2(b, s + $session_end);
  boolean timed = start != $no_time;
  if (timed && end > 1440 && end - 1440 > minutes && (meets(b, s, today - 1) & 1L) != 0L) {
    return (today - 1) * 1440.0 + start;
  }
  int day = firstDay(b, s, timed && end <= minutes ? today + 1 : today);
  return day < 0 ? $never : day * 1440.0 + (timed ? start : 0);
}
double miles(ByteBuffer b, int at, double lat, double lon) {
  double phi = Math.toRadians(lat), other = Math.toRadians(b.getInt(at) / $scale);
  double across = Math.sin((other - phi) / 2), along = Math.sin(Math.toRadians(b.getInt(at + 4) / $scale - lon) / 2);
  double half = across * across + Math.cos(phi) * Math.cos(other) * (along * along);
  return 2 * $earth * Math.asin(Math.min(1.0, Math.sqrt(half)));
}
boolean inDistrict(ByteBuffer b, int at, String code) {
  if (code.length() == 0) { return false; }
  for (int i = 0; i < $district_length; i++) {
    if ((b.get(at + i) & 0xFF) != (i < code.length() ? (int) code.charAt(i) : 0)) { return false; }
  }
  return true;
}
/* Whether a served area holds the place asked for. */
boolean serves(ByteBuffer b, int first, int end, double lat, double lon, String code) {
  for (int area = first; area < end; area += $served) {
    int kind = b.get(area);
    if (kind == $country || (kind == $district && inDistrict(b, area + $served_district, code))) { return true; }
    if (kind == $radius && miles(b, area + $served_latitude, lat, lon) <= b.getFloat(area + $served_miles)) {
      return true;
    }
  }
  return false;
}
"""

# Goes through the sessions that satisfy the query; what is done with each stands at $each. Those well inside the radius are not
# measured on the globe. apart: the square of how far it is on a flat map, in units of position.
_SESSIONS = """
$given
BytesRef packed = doc['packed'].value;
ByteBuffer b = ByteBuffer.wrap(packed.bytes).order(ByteOrder.LITTLE_ENDIAN);
int facts = packed.offset + $facts_from, end = packed.offset + packed.length;
int flags = b.get(facts + $facts_state);
boolean running = (flags & $stopped) == 0;
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
  long bits = b.getLong(s + $session_bits);
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
  double apart = -1;
  if (radius > 0) {
    int up = b.getInt(s + $session_latitude), along = b.getInt(s + $session_longitude);
    if (up != $nowhere) {
      if (up < south || up > north || along < west || along > east) { continue; }
      double upward = up - lat * $scale, sideways = (along - lon * $scale) * $double_cosine;
      apart = upward * upward + sideways * sideways;
      if (apart >= $double_well_inside && miles(b, s + $session_latitude, lat, lon) > radius) { continue; }
    } else if ((first > areas || (bits & $from_anywhere) == 0L)
        && !serves(b, areas, first, lat, lon, params.district)) { continue; }
  }
  found = true;
  $each
}
"""

FITS_TEXT = (
    Template(_READING + _SESSIONS).safe_substitute(counts="false", before="", each="return true;")
    + "return found;"
)

# The formula, in millionths, negative: the best is the lowest.
_FORMULA = """
long formula(ByteBuffer b, int facts, double match, double near, int overdueBefore, int dueBefore, int knownSince) {
  int flags = b.get(facts + $facts_state), checked = u2(b, facts + $facts_checked);
  boolean overdue = checked > 0 && checked < overdueBefore;
  double freshness = (flags & $confirmed) != 0 && checked >= dueBefore ? $checked_new
    : overdue ? $checked_overdue : $checked_due;
  boolean known = u2(b, facts + $facts_capacity_on) >= knownSince;
  double space = !known ? $space_unknown : (flags & $full) != 0 ? $space_full
    : (flags & $has_space) != 0 ? $space_space : $space_unknown;
  double score = (overdue ? $tier : 0.0) + $weight_match * match + $weight_near * near + $weight_checked * freshness
    + $weight_space * space - ((flags & $stopped) == 0 ? 0.0 : $paused);
  return -(long) Math.rint(score * 1e6);
}
double toNearest(ByteBuffer b, int[] taken, int many, double lat, double lon) {
  double nearest = $never;
  for (int i = 0; i < many; i++) {
    int at = taken[i] + $session_latitude;
    if (b.getInt(at) != $nowhere) { nearest = Math.min(nearest, miles(b, at, lat, lon)); }
  }
  return nearest;
}
/* How near it is by so many miles. */
double nearness(double miles, boolean comes) {
  double near = miles < $never ? Math.rint($near_half / ($near_half + miles) * 1e6) / 1e6 : 0;
  return comes ? Math.max(near, $serves_near) : near;
}
"""

# What may be better than the last of the page: its place in the order, then the soonest meeting, then the public id. How near it
# is at least is told from a flat map first: most are measured no further.
_KEPT = """
if (wanted == 0) { return; }
PriorityQueue best = (PriorityQueue) state.best;
boolean full = best.size() >= wanted;
long[] last = full ? (long[]) best.peek() : (long[]) null;
int by = $int_by, overdueBefore = $int_overdue_before, dueBefore = $int_due_before, knownSince = $int_known_since;
double match = $match;
if (match >= $bonus) { match -= $bonus; }
boolean byMiles = (by == $by_best && radius > 0) || by == $by_nearest;
if (byMiles && full && $double_well_inside > 0) {
  double least = flat < $never ? $surely * Math.sqrt(flat) : $never;
  if (by == $by_nearest ? Double.doubleToLongBits(least) > last[0]
      : formula(b, facts, match, nearness(least, comes), overdueBefore, dueBefore, knownSince) > last[0]) { return; }
}
double nearest = byMiles ? toNearest(b, taken, many, lat, lon) : $never, soonest = $never;
long key;
if (by == $by_nearest) { key = Double.doubleToLongBits(nearest); }
else if (by == $by_checked) { key = -(u2(b, facts + $facts_checked) + ((flags & $confirmed) != 0 ? 100000L : 0L)); }
else if (by == $by_soonest) { key = -1L; }
else { key = formula(b, facts, match, nearness(nearest, comes), overdueBefore, dueBefore, knownSince); }
if (full && key > last[0]) { return; }
if (radius > 0 && !byMiles) { nearest = toNearest(b, taken, many, lat, lon); }
if (running) {
  for (int i = 0; i < many; i++) { soonest = Math.min(soonest, next(b, taken[i], today, minutes)); }
}
long score = by == $by_best ? key
  : formula(b, facts, match, nearness(nearest, comes), overdueBefore, dueBefore, knownSince);
/* The id as two numbers that sort as it does. */
long[] one = new long[] { key, (long) soonest, b.getLong(facts + $facts_order) ^ Long.MIN_VALUE,
  b.getLong(packed.offset) ^ Long.MIN_VALUE, Double.doubleToLongBits(match), b.getLong(packed.offset + $version_from),
  score, Double.doubleToLongBits(nearest), comes ? 1L : 0L };
if (full) {
  if (after(one, last) > 0) { return; }
  best.poll();
}
best.add(one);
"""
LONGER = """
int[] longer(int[] counts, int length) {
  int[] more = new int[length];
  for (int i = 0; i < counts.length; i++) { more[i] = counts[i]; }
  return more;
}
"""
AFTER = """
int after(long[] one, long[] other) {
  for (int i = 0; i < 4; i++) {
    if (one[i] != other[i]) { return one[i] < other[i] ? -1 : 1; }
  }
  return 0;
}
"""

JUDGE_TEXT = (
    Template(AFTER + LONGER + _READING + _FORMULA + _SESSIONS).safe_substitute(
        counts="$int_of_sessions == 1",
        before="""
int[] counts = (int[]) state.counts, taken = (int[]) state.taken;
int wanted = $int_wanted, many = 0;
double flat = $never;
boolean comes = false;
long all = 0L, week = $long_week, today_ = $long_today_, tomorrow = $long_tomorrow, seven = $long_seven;
long weekend = $long_weekend;
int weekday = $int_weekday;
""",
        each="""
  if (wanted > 0) {
    taken[many++] = s;
    if (apart >= 0) { flat = Math.min(flat, apart); } else if (radius > 0) { comes = true; }
  } else if ($int_of_sessions == 0) { break; }
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
if ($int_counted == 1) {
  counts[$TOTAL]++;
  for (; all != 0L; all &= all - 1L) { counts[Long.numberOfTrailingZeros(all)]++; }
  for (int at = facets + 2; at < areas - 2; at += 2) {
    int place = $FACETS + u2(b, at);
    if (place >= counts.length) { state.counts = counts = longer(counts, place + $PLACES); }
    counts[place]++;
  }
  int age = $int_age;
  if ((flags & $has_space) != 0 && u2(b, facts + $facts_capacity_on) >= $int_known_since) { counts[$SPACE]++; }
  if (age >= (b.get(facts + $facts_age_min) & 0xFF) && age <= (b.get(facts + $facts_age_max) & 0xFF)) { counts[$AGE]++; }
  if ((flags & $confirmed) != 0) {
    int checked = u2(b, facts + $facts_checked);
    if (checked >= $int_since_0) { counts[$CHECKED]++; }
    if (checked >= $int_since_1) { counts[$CHECKED + 1]++; }
    if (checked >= $int_since_2) { counts[$CHECKED + 2]++; }
    if (checked >= $int_since_3) { counts[$CHECKED + 3]++; }
  }
}
"""
    + _KEPT
)
