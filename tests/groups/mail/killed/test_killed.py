"""The process killed (-9) between a commit and its e-mail, and at each step of sending: nothing lost, nothing twice."""

import re

import pytest

pytestmark = pytest.mark.django_db(transaction=True)
SAM = "sam@example.org"


def ids(letters):
    return re.findall(r"^Message-ID: (\S+)", "\n".join(letters), re.M)


def test_killed_around_the_commit(sender, letters):
    assert sender.ask(f"invite_and_die\t{SAM}\tbefore") == "killed"
    assert (sender.ask("state"), sender.ask("send")) == (" ", "0")
    assert sender.ask(f"invite_and_die\t{SAM}\tafter") == "killed"
    assert sender.ask("state") == f"{SAM} waiting"
    assert [sender.ask("send"), sender.ask("send")] == ["1", "0"]
    (letter,) = letters
    assert f"To: {SAM}" in letter
    assert sender.ask("state") == f"{SAM} sent"


# Each step at which it dies, and how many letters the server has then.
TAKEN = {
    ("row taken", "before"): 0,
    ("row taken", "after"): 0,
    ("line open", "after"): 0,
    ("message handed over", "before"): 0,
    ("message handed over", "after"): 1,
}


def test_killed_while_sending(sender, letters):
    for (step, when), taken in TAKEN.items():
        letters.clear()
        assert sender.ask("clear") == sender.ask(f"invite\t{SAM}") == "done"
        assert sender.ask(f"send_and_die\t{step}\t{when}") == "killed", (step, when)
        assert len(letters) == taken, (step, when)
        untouched = (step, when) == ("row taken", "before")
        # Nobody knows whether it was taken: it is not sent by itself again.
        assert sender.ask("send") == ("1" if untouched else "0")
        assert sender.ask("time_passes") == "done"
        assert sender.ask("send") == "0"
        assert sender.ask("state") == f"{SAM} {'sent' if untouched else 'unsure'}", (step, when)
        assert len(letters) == taken + untouched
        if not untouched:  # staff see it, and their press sends it, under the name it had
            assert sender.ask("staff_send_again") == "1"
            assert len(set(ids(letters))) == 1
            assert len(letters) == taken + 1
