"""Two processes on one database see each other's edits; a process killed at any step leaves the index right, or mendable."""

import pytest

from tests.search.engines.embedded.child import KILLS


@pytest.mark.django_db(transaction=True)
def test_an_edit_in_one_process_is_seen_by_the_next_search_in_the_other(child):
    one, other = child(), child()
    assert one.ask("find\tzither") == other.ask("find\tzither") == "Zither one, Zither three, Zither two"
    assert one.ask("rename\tZither two\tMarimba") == "done"
    assert other.ask("find\tzither") == "Zither one, Zither three"
    assert other.ask("find\tmarimba") == "Marimba"
    assert other.ask("unpublish\tMarimba") == "done"
    assert one.ask("find\tmarimba") == ""
    assert one.ask("rename\tZither three\tZithers") == "done"
    assert other.ask("find_in_threads\tzither") == "Zither one, Zithers"
    assert one.ask("find_in_threads\tzither") == "Zither one, Zithers"


@pytest.mark.django_db(transaction=True)
def test_a_fork_waits_for_what_the_process_reads_and_shares_it(child):
    it = child()
    assert it.ask("warmed_in_a_fork\tzither") == "lived"
    assert it.ask("find\tzither") == "Zither one, Zither three, Zither two"


@pytest.mark.django_db(transaction=True)
def test_killed_at_any_step(child):
    """Each step of a save and of a rebuild: nothing half written, nothing going back, and what is left can be mended."""
    it = child()
    _wrong, before = it.ask("state").split(", ")
    seen = [int(before)]
    for action in ("save", "rebuild"):
        for point in KILLS:
            for when in ("before", "after"):
                outcome = it.ask(f"killed\t{action}\t{point}\t{when}")
                expected = "lived" if (action, point) == ("save", "batch") else "killed"
                if outcome == "lived" and expected == "lived":
                    assert it.ask("rename\tZither changed\tZither one") == "done"
                assert outcome == expected, (action, point, when)
                wrong, versions = it.ask("state").split(", ")
                assert wrong == "0 wrong", (action, point, when)
                seen.append(int(versions))
                assert it.ask("find\tzither") == "Zither one, Zither three, Zither two", (action, point, when)
    assert seen == sorted(seen)
    assert it.ask("mend").startswith("0 wrong")
