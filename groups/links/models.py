"""What we know about each website that a published group or its organisation names."""

from datetime import date, datetime, timedelta
from itertools import chain
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groups.reading import rows_by


class Trouble(models.TextChoices):
    """Why a website does not work. "" is no trouble."""

    NO_NAME = "no_name", _("Nobody has this web name any more")
    NO_ANSWER = "no_answer", _("It does not answer")
    NOT_SAFE = "not_safe", _("Its safety certificate is wrong or too old")
    GONE = "gone", _("It says that the page is gone")
    BROKEN = "broken", _("It answers with a fault of its own")
    CIRCLES = "circles", _("It leads from place to place and nowhere")
    NOT_PUBLIC = "not_public", _("It is no public web address")


class WebsiteQuerySet(models.QuerySet["Website"]):
    def due(self, now: datetime) -> Self:
        """Not looked at for a week, the longest wait first."""
        due = self.filter(Q(looked_at=None) | Q(looked_at__lte=now - Website.LOOK_EVERY))
        return due.order_by(F("looked_at").asc(nulls_first=True), "pk")

    def broken(self) -> Self:
        return self.filter(is_broken=True)


class Website(models.Model):
    """One address, however many groups name it. Two failures at least LOOK_EVERY apart make it broken; one answer mends it.

    failing_since: the first failure since it last answered. told_at: when its people were told, once for each time.
    """

    LOOK_EVERY = timedelta(days=7)

    url = models.CharField(max_length=250, unique=True)
    looked_at = models.DateTimeField(null=True, blank=True, db_index=True)
    trouble = models.CharField(max_length=12, choices=Trouble, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    is_broken = models.BooleanField(default=False)
    told_at = models.DateTimeField(null=True, blank=True)

    objects = WebsiteQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("website")

    def __str__(self) -> str:
        return self.url

    def looked(self, trouble: str, now: datetime) -> None:
        """Note what one look found; nothing is saved."""
        self.looked_at, self.trouble = now, trouble
        if not trouble:
            self.failing_since, self.is_broken, self.told_at = None, False, None
            return
        self.failing_since = self.failing_since or now
        self.is_broken = self.is_broken or now - self.failing_since >= self.LOOK_EVERY


def broken_on(urls: set[str]) -> dict[str, date]:
    """Of these addresses those that do not work, with the local day of the last look."""
    if not urls:
        return {}
    rows = chain.from_iterable(rows_by(Website, "url", urls).values())
    return {row.url: timezone.localtime(row.looked_at).date() for row in rows if row.is_broken}
