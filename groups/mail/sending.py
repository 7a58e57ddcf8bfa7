"""Sending what is queued: each e-mail at most once, and none forgotten.

A row is marked "being sent" and committed before the mail server hears of it, by a change that only one process can make.
When a process dies after that, nobody can know whether the server took the e-mail. Such a row is never sent by itself
again: after a while it becomes "perhaps sent", staff see it and may send it again. Its Message-ID stays the same, so
that most mailboxes drop a second copy.
"""

import smtplib
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F
from django.utils import timezone

from groups.mail.models import QueuedMail, State

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480, 1440))
"""Until the next try, after each failed one; after the last the e-mail is given up."""
STUCK_AFTER = timedelta(minutes=10)


@dataclass
class Outcome:
    """How many e-mails were sent, put off, refused, and found half sent."""

    sent: int = 0
    put_off: int = 0
    refused: int = 0
    unsure: int = 0


def send_queued(limit: int = 100) -> Outcome:
    """Send what is due, oldest first. Safe to run in several processes at once."""
    outcome = Outcome(unsure=_find_half_sent())
    connection: BaseEmailBackend | None = None
    try:
        for pk in list(
            QueuedMail.objects.due().order_by("next_try_at", "pk").values_list("pk", flat=True)[:limit]
        ):
            if not _take(pk):
                continue
            mail = QueuedMail.objects.get(pk=pk)
            if connection is None:
                connection = _open(mail, outcome)
                if connection is None:
                    break
            if not _send(mail, connection, outcome):
                connection.close()
                connection = None
    finally:
        if connection is not None:
            connection.close()
    return outcome


def _take(pk: int) -> bool:
    """Mark the row as ours. False when another process was first."""
    taken = QueuedMail.objects.filter(pk=pk, state=State.WAITING).update(
        state=State.SENDING, sending_at=timezone.now(), attempts=F("attempts") + 1
    )
    return bool(taken)


def _find_half_sent() -> int:
    stuck = QueuedMail.objects.filter(state=State.SENDING, sending_at__lt=timezone.now() - STUCK_AFTER)
    return stuck.update(state=State.UNSURE, error="Stopped while sending")


def _open(mail: QueuedMail, outcome: Outcome) -> BaseEmailBackend | None:
    """A connection, or None when the server does not answer: then nothing was handed over, and all can wait."""
    connection = get_connection()
    try:
        connection.open()
    except OSError as error:  # smtplib's own errors are among them
        _put_off(mail, error, outcome)
        return None
    return connection


def _send(mail: QueuedMail, connection: BaseEmailBackend, outcome: Outcome) -> bool:
    """Hand it to the server. False when the connection cannot be used any more."""
    try:
        _message(mail, connection).send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _words in error.recipients.values()]
        _put_off(mail, error, outcome, for_good=all(code >= 500 for code in codes))
        return True
    except smtplib.SMTPResponseException as error:
        _put_off(mail, error, outcome, for_good=error.smtp_code >= 500)
        return True
    except ValueError as error:  # an address or header that cannot be written
        _put_off(mail, error, outcome, for_good=True)
        return True
    except OSError as error:
        mail.state, mail.error = State.UNSURE, type(error).__name__
        mail.save(update_fields=["state", "error"])
        outcome.unsure += 1
        return False
    mail.state, mail.sent_at, mail.error = State.SENT, timezone.now(), ""
    if not settings.WAYMARK_SHOW_MAIL:  # links and codes have no business in backups
        mail.text = mail.html = ""
    mail.save(update_fields=["state", "sent_at", "error", "text", "html"])
    outcome.sent += 1
    return True


def _put_off(mail: QueuedMail, error: Exception, outcome: Outcome, *, for_good: bool = False) -> None:
    """Try later, or never: the server said clearly that it did not take it."""
    mail.error = type(error).__name__
    if for_good or mail.attempts > len(WAITS):
        mail.state = State.FAILED
        outcome.refused += 1
    else:
        mail.state = State.WAITING
        mail.next_try_at = timezone.now() + WAITS[mail.attempts - 1]
        outcome.put_off += 1
    mail.save(update_fields=["state", "error", "next_try_at"])


def send_again(mail: QueuedMail) -> None:
    """Staff looked and want it sent: it is due now, with all its tries."""
    QueuedMail.objects.filter(pk=mail.pk, state__in=(State.FAILED, State.UNSURE)).update(
        state=State.WAITING, next_try_at=timezone.now(), attempts=0
    )


def _message(mail: QueuedMail, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        mail.subject,
        mail.text,
        to=[mail.to],
        connection=connection,
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(mail.html, "text/html")
    return message
