"""What is kept about editing: staff's settings, whom they trust, what went live unseen, and what waits outside the draft."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from groups.editing.parts import PARTS, SAFE_BY_DEFAULT
from groups.rows import CommaListField


def _person(name: Any) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=name,
    )


@register_setting(icon="tasks")
class CheckingSettings(BaseSiteSetting):
    """Which changes of a trusted group go live at once. The others wait for a moderator."""

    safe_parts = CommaListField(
        _("live at once, for a trusted group"),
        options=PARTS,
        max_length=1000,
        default=",".join(SAFE_BY_DEFAULT),
        help_text=_(
            "Moderators see these changes afterwards. A new link or address in the words always waits."
        ),
    )

    panels = [FieldPanel("safe_parts")]

    class Meta:
        verbose_name = _("checking")


class Trust(models.Model):
    """Whether safe changes of a group go live at once. Without a row: not yet."""

    group_uid = models.UUIDField(primary_key=True)
    trusted = models.BooleanField(_("trusted"), default=True)
    at = models.DateTimeField(default=timezone.now)
    by = _person("who said so")

    wagtail_reference_index_ignore = True

    @classmethod
    def holds_for(cls, group_uid: UUID) -> bool:
        return cls.objects.filter(group_uid=group_uid, trusted=True).exists()

    @classmethod
    def say(cls, group_uid: UUID, trusted: bool, *, by: Any) -> None:
        """Staff's word: it stays until staff say otherwise."""
        cls.objects.update_or_create(
            group_uid=group_uid, defaults={"trusted": trusted, "by": by, "at": timezone.now()}
        )

    @classmethod
    def earned(cls, group_uid: UUID, *, by: Any) -> None:
        """After the first approved publication; it changes nothing that staff said before."""
        cls.objects.get_or_create(group_uid=group_uid, defaults={"trusted": True, "by": by})


class SeenLater(models.Model):
    """Changes that went live at once, for moderators to see afterwards. told: label, before and after of each part."""

    group_uid = models.UUIDField(db_index=True)
    told = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now, db_index=True)
    by = _person("who changed it")
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = _person("who saw it")

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["at", "pk"]


class ProposalKind(models.TextChoices):
    """What waits for staff although it is in no draft."""

    TODAY = "today", _("For today's facts")
    VENUE = "venue", _("For a venue that others use too")


class Proposal(models.Model):
    """A change of today's facts by a group not trusted yet, or of a shared venue. values: the verb's, as JSON."""

    group_uid = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=10, choices=ProposalKind)
    values = models.JSONField()
    told = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now, db_index=True)
    by = _person("who proposed it")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = _person("who decided")
    taken = models.BooleanField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["at", "pk"]
