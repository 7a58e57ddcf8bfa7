"""The outbox: queued with what it tells, sent at most once, never forgotten."""

import re
import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import transaction
from django.template.loader import get_template
from django.utils import timezone

from groups.mail import sending
from groups.mail.models import QueuedMail, State
from groups.mail.outbox import erase_address, queue_mail
from groups.mail.rendering import render
from groups.people.membership.models import Scope
from tests.factories import GroupPageFactory

pytestmark = pytest.mark.django_db
CODE = {"secret": "abc", "code": "1234 5678"}


def queue(to="sam@example.org"):
    return queue_mail("sign_in", to=to, context=CODE)


@pytest.fixture
def server(monkeypatch):
    """A mail server that does what it is told at each e-mail: None takes it, an exception is raised."""

    class Server:
        answers: list = []
        opens: list = []

    def send_messages(self, messages):
        answer = Server.answers.pop(0) if Server.answers else None
        if answer is not None:
            raise answer
        return real_send(self, messages)

    def opened(self):
        answer = Server.opens.pop(0) if Server.opens else None
        if answer is not None:
            raise answer

    real_send = EmailBackend.send_messages
    monkeypatch.setattr(EmailBackend, "send_messages", send_messages)
    monkeypatch.setattr(EmailBackend, "open", opened)
    Server.answers, Server.opens = [], []
    return Server


def states():
    return list(QueuedMail.objects.order_by("pk").values_list("state", flat=True))


# --- words ------------------------------------------------------------------------------------------


def test_one_source_gives_text_and_html():
    words = render("sign_in", CODE)
    assert words.subject == "Your sign-in link"
    assert "http://127.0.0.1:8000/sign-in/link/?key=abc\n" in words.text
    assert '<a href="http://127.0.0.1:8000/sign-in/link/?key=abc">' in words.html
    assert "1234 5678" in words.text
    assert words.text.strip().split("\n\n")[-1].startswith("You get this e-mail because")


def test_what_people_typed_is_neither_markup_nor_a_link(site_tree):
    group = GroupPageFactory(title="<b>Tea & Talk</b>")
    context = {"place": group.title, "scope": Scope.of_group(group), "person": "Win http://prize.example"}
    words = render("joined", context)
    assert "<b>Tea & Talk</b>" in words.text
    assert "&lt;b&gt;Tea &amp; Talk" in words.html
    assert 'href="http://prize' not in words.html


def test_a_subject_is_one_line():
    """A name with a new line in it cannot add a header; what follows is text."""
    context = {"place": "A\nBcc: x@example.org", "person": "B", "reason": "Because."}
    assert render("claim_refused", context).subject == "About the page of A"


def test_every_e_mail_says_why_you_got_it(settings):
    folder = settings.BASE_DIR / "templates" / "mail"
    for path in folder.glob("*.txt"):
        last = path.read_text().strip().rsplit("\n\n", 1)[-1]
        assert re.search("You get this (e-mail )?because", last), path.name
        get_template(f"mail/{path.name}")


# --- sending ----------------------------------------------------------------------------------------


def test_nothing_is_sent_when_the_change_is_undone(server):
    with transaction.atomic():
        queue()
        transaction.set_rollback(True)
    sending.send_queued()
    assert mail.outbox == []


def test_it_is_sent_once_with_its_own_message_id(server):
    queued = queue()
    call_command("send_queued_mail", verbosity=0)
    call_command("send_queued_mail", verbosity=0)
    (sent,) = mail.outbox
    assert sent.to == ["sam@example.org"]
    assert sent.message()["Message-ID"] == queued.message_id
    assert sent.alternatives[0].mimetype == "text/html"
    queued.refresh_from_db()
    assert (queued.state, queued.text, queued.html) == (State.SENT, "", "")


def test_a_second_process_leaves_alone_what_the_first_took(server, monkeypatch):
    queued = queue()
    assert sending._take(queued.pk)
    assert not sending._take(queued.pk)
    sending.send_queued()
    assert mail.outbox == []


def test_a_process_killed_while_sending_sends_nothing_twice(server):
    """The row stays "being sent"; then staff are asked, and only their press sends it."""

    class Killed(BaseException):
        pass

    queued = queue()
    other = queue("other@example.org")
    server.answers = [Killed()]
    with pytest.raises(Killed):
        sending.send_queued()
    assert states() == [State.SENDING, State.WAITING]
    QueuedMail.objects.filter(pk=queued.pk).update(sending_at=timezone.now() - timedelta(minutes=11))
    outcome = sending.send_queued()
    assert (outcome.unsure, outcome.sent) == (1, 1)
    assert [message.to for message in mail.outbox] == [[other.to]]
    sending.send_again(queued)
    sending.send_queued()
    assert mail.outbox[-1].to == [queued.to]
    assert mail.outbox[-1].message()["Message-ID"] == queued.message_id


def test_a_dead_server_loses_nothing_and_waits_longer_each_time(server):
    queue()
    queue("other@example.org")
    for attempt, wait in enumerate(sending.WAITS, start=1):
        QueuedMail.objects.filter(attempts__gt=0).update(next_try_at=timezone.now())
        server.opens = [ConnectionRefusedError()]
        QueuedMail.objects.filter(to="other@example.org").update(
            next_try_at=timezone.now() + timedelta(days=1)
        )
        assert sending.send_queued().put_off == 1
        first = QueuedMail.objects.order_by("pk").first()
        assert (first.state, first.attempts) == (State.WAITING, attempt)
        assert wait - timedelta(minutes=1) < first.next_try_at - timezone.now() <= wait
    QueuedMail.objects.update(next_try_at=timezone.now())
    assert sending.send_queued().sent == 2


def test_it_gives_up_in_the_end_and_says_so(server, capsys):
    queue()
    QueuedMail.objects.update(attempts=len(sending.WAITS))
    server.opens = [ConnectionRefusedError()]
    call_command("send_queued_mail")
    assert states() == [State.FAILED]
    assert "1 need a look" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (smtplib.SMTPRecipientsRefused({"sam@example.org": (550, b"no such user")}), State.FAILED),
        (smtplib.SMTPRecipientsRefused({"sam@example.org": (450, b"try later")}), State.WAITING),
        (smtplib.SMTPDataError(554, b"spam"), State.FAILED),
        (smtplib.SMTPDataError(451, b"try later"), State.WAITING),
        (ValueError("a header"), State.FAILED),
        # The line broke: the server may have taken it.
        (smtplib.SMTPServerDisconnected(), State.UNSURE),
        (TimeoutError(), State.UNSURE),
    ],
)
def test_what_the_server_says_decides(server, error, state):
    queue()
    queue("other@example.org")
    server.answers = [error]
    sending.send_queued()
    assert states() == [state, State.SENT]
    refused = QueuedMail.objects.first()
    assert refused.error == type(error).__name__
    assert "sam" not in refused.error


def test_old_ones_are_forgotten_but_not_those_that_wait(server):
    queue()
    QueuedMail.objects.update(queued_at=timezone.now() - timedelta(days=31))
    assert not QueuedMail.objects.old(timezone.now()).exists()
    sending.send_queued()
    assert QueuedMail.objects.old(timezone.now()).exists()


def test_erasing_an_address_reaches_the_queue():
    queue("marrow@example.org")
    keep = queue("sam@example.org")
    QueuedMail.objects.filter(pk=keep.pk).update(text="Ask MARROW@example.org.")
    kept = queue("sam@example.org")
    erase_address("Marrow@Example.org")
    assert list(QueuedMail.objects.all()) == [kept]


def test_on_ones_own_machine_it_goes_out_at_once_and_can_be_read(
    server, settings, client, site_tree, django_capture_on_commit_callbacks
):
    settings.WAYMARK_MAIL, settings.WAYMARK_SHOW_MAIL = "now", True
    with django_capture_on_commit_callbacks(execute=True):
        queue()
    assert len(mail.outbox) == 1
    page = client.get("/mail/").text
    assert "1234 5678" in page
    assert 'href="/sign-in/link/?key=abc"' in page
    settings.WAYMARK_SHOW_MAIL = False
    assert client.get("/mail/").status_code == 404
