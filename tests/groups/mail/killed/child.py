"""Another process for tests of e-mails: reads a line, does it, prints one line. It may kill forks of itself (-9)."""

import os
import signal
import smtplib
import sys

import django

django.setup()

from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from groups.mail import sending  # noqa: E402
from groups.mail.models import QueuedMail  # noqa: E402
from groups.models import GroupPage, Invitation, User  # noqa: E402
from groups.people.membership import verbs  # noqa: E402
from groups.people.membership.models import Scope  # noqa: E402
from tests.search.engines.killing import die_at, in_a_fork  # noqa: E402

STEPS = {
    "row taken": (sending, "_take"),
    "line open": (sending, "_open"),
    "message handed over": (smtplib.SMTP, "data"),
}


def invite(email: str) -> str:
    group = GroupPage.objects.get(title="Zither one")
    verbs.invite(Scope.of_group(group), email, by=User.objects.get_or_create(email="pat@example.org")[0])
    return "done"


def invite_and_die(email: str, when: str) -> str:
    """In a fork that is killed just before, or just after, the commit."""

    def work() -> None:
        with transaction.atomic():
            invite(email)
            if when == "before":
                os.kill(os.getpid(), signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)

    return in_a_fork(work)


def send_and_die(step: str, when: str) -> str:
    """In a fork that is killed just before, or just after, this step of sending."""

    def work() -> None:
        die_at(*STEPS[step], when)
        sending.send_queued()

    return in_a_fork(work)


def send() -> str:
    return str(sending.send_queued().sent)


def time_passes() -> str:
    """What was being sent when its process died is noticed after a while."""
    QueuedMail.objects.update(sending_at=timezone.now() - sending.STUCK_AFTER)
    return "done"


def staff_send_again() -> str:
    for mail in QueuedMail.objects.given_up():
        sending.send_again(mail)
    return send()


def state() -> str:
    invited = ",".join(Invitation.objects.order_by("pk").values_list("email", flat=True))
    mails = ",".join(QueuedMail.objects.order_by("pk").values_list("state", flat=True))
    return f"{invited} {mails}"


def clear() -> str:
    QueuedMail.objects.all().delete()
    Invitation.objects.all().delete()
    return "done"


if __name__ == "__main__":
    for line in sys.stdin:
        verb, *arguments = line.rstrip("\n").split("\t")
        print(globals()[verb](*arguments), flush=True)  # noqa: T201
