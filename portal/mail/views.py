"""Every e-mail of this site, on one's own machine only: nothing has to leave it to try things out."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from groups.mail.models import QueuedMail

MAILS_SHOWN = 50


@never_cache
@require_safe
def mail(request: HttpRequest) -> HttpResponse:
    if not settings.WAYMARK_SHOW_MAIL:
        raise Http404
    newest = QueuedMail.objects.order_by("-queued_at", "-pk")[:MAILS_SHOWN]
    ours = settings.WAGTAILADMIN_BASE_URL.rstrip("/")
    mails = [
        {
            "to": mail.to,
            "subject": mail.subject,
            "at": mail.queued_at,
            "state": mail.get_state_display(),
            "lines": [
                {"text": line, "path": line.removeprefix(ours) if line.startswith(f"{ours}/") else ""}
                for line in mail.text.split("\n")
            ],
        }
        for mail in newest
    ]
    return render(request, "mail/shown.html", {"mails": mails})
