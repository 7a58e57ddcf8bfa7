"""Putting an e-mail into the outbox, and taking an address out of it."""

from email.utils import make_msgid
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from groups.mail import sending
from groups.mail.models import QueuedMail
from groups.mail.rendering import render


def queue_mail(template: str, *, to: str, context: dict[str, object]) -> QueuedMail:
    """Queue `templates/mail/<template>.txt` to one address, in the transaction of what it tells.

    Nothing is sent before the commit; after a rollback there is nothing to send. See `groups.mail.rendering` for how a
    template is written.
    """
    words = render(template, context)
    domain = urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname or "localhost"
    mail = QueuedMail.objects.create(
        message_id=make_msgid(domain=domain),
        template=template,
        to=to,
        subject=words.subject,
        text=words.text,
        html=words.html,
    )
    if settings.WAYMARK_MAIL == "now":
        transaction.on_commit(sending.send_queued)
    return mail


@transaction.atomic
def erase_address(address: str) -> None:
    """Nothing in the outbox goes to this address or names it any more, sent or not."""
    address = address.strip().lower()
    QueuedMail.objects.filter(to=address).delete()
    for field in ("text", "html"):
        for mail in QueuedMail.objects.filter(**{f"{field}__icontains": address}):
            mail.delete()
