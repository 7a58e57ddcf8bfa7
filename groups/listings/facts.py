"""What is true today, beside the page: no draft, revert or approval moves it (`model.md`).

Each fact is changed by a verb that names its actor, writes its history and passes the door, in one transaction.
"""

from datetime import date, datetime, time
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groups.listings.changes import listing_changed
from groups.listings.choices import Capacity, ConfirmedBy, LocationVisibility, Stage, Status
from groups.listings.freshness import capacity_is_known
from groups.schedule.rules import Span


class GroupFactsQuerySet(models.QuerySet["GroupFacts"]):
    def for_group(self, uid: UUID) -> "GroupFacts":
        """The facts of a group, made with their defaults when there are none yet."""
        facts, _created = self.get_or_create(group_uid=uid)
        return facts


class GroupFacts(models.Model):
    """One row a group, whatever its translations and drafts."""

    group_uid = models.UUIDField(unique=True)
    status = models.CharField(_("is it running?"), max_length=10, choices=Status, default=Status.OPEN)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    erased_on = models.DateField(_("contacts erased on"), null=True, blank=True, editable=False)
    capacity = models.CharField(_("has it space?"), max_length=15, choices=Capacity, default=Capacity.UNKNOWN)
    capacity_on = models.DateField(_("as of"), null=True, blank=True)
    capacity_note = models.CharField(_("more about space"), max_length=200, blank=True)
    location_visibility = models.CharField(
        _("who may see where it meets"),
        max_length=15,
        choices=LocationVisibility,
        default=LocationVisibility.PUBLIC,
    )
    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.LISTED)
    stage_note = models.CharField(
        _("what was checked, by whom"),
        max_length=200,
        blank=True,
        help_text=_("A mark's name and its end date."),
    )
    last_confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.CharField(max_length=15, choices=ConfirmedBy, blank=True)
    confirmed_by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    claimed = models.BooleanField(_("kept by the group itself"), default=False)

    objects = GroupFactsQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("today's facts")
        permissions = [("loosen_location", _("Can make a group's place easier to find"))]

    def __str__(self) -> str:
        return str(self.group_uid)

    def change(self, *, by, **values) -> None:
        """Set facts, keep who changed what and when, and tell the index. A person's name is kept by `by` alone.

        Raises:
            ValidationError: a value is not one of its choices.
        """
        with transaction.atomic():
            current = GroupFacts.objects.select_for_update().get(pk=self.pk)
            before = {name: getattr(current, name) for name in values}
            for name, value in values.items():
                setattr(self, name, value)
            self.clean_fields(exclude={field.name for field in self._meta.fields} - set(values))
            self.save(update_fields=list(values))
            FactHistory.objects.bulk_create(
                FactHistory(
                    group_uid=self.group_uid, fact=name, before=_text(before[name]), after=_text(value), by=by
                )
                for name, value in values.items()
                if before[name] != value and not self._meta.get_field(name).is_relation
            )
            listing_changed(self.group_uid)

    def space_is_known(self, today: date) -> bool:
        """Whether the last answer about space still counts (`domain.md`, freshness rule 4)."""
        return capacity_is_known(self.capacity_on, today)

    def set_capacity(self, state: str, *, by, note: str = "", on: date | None = None) -> None:
        """Say whether there is space, as of today (or `on`)."""
        self.change(by=by, capacity=state, capacity_note=note, capacity_on=on or timezone.localdate())

    def confirm(self, *, by, kind: str = ConfirmedBy.GROUP, at: datetime | None = None) -> None:
        """Record that everything was still right. Editing never does this (`domain.md`, freshness rule 1)."""
        self.change(
            by=by,
            last_confirmed_at=at or timezone.now(),
            confirmed_by=kind,
            confirmed_by_user=by if by else None,
        )

    def close(self, *, by, on: date | None = None) -> None:
        self.change(by=by, status=Status.CLOSED, closed_on=on or timezone.localdate())

    def reopen(self, *, by) -> None:
        self.change(by=by, status=Status.OPEN, closed_on=None)

    @property
    def is_erased(self) -> bool:
        """Whether the contacts of this closed group are gone (`groups.leaving`)."""
        return bool(self.closed_on and self.erased_on and self.erased_on >= self.closed_on)


def _text(value) -> str:
    return "" if value is None else str(value)


class FactHistory(models.Model):
    """Who changed which of today's facts, and when."""

    group_uid = models.UUIDField(db_index=True)
    fact = models.CharField(max_length=60)
    before = models.CharField(max_length=250, blank=True)
    after = models.CharField(max_length=250, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-at", "-pk"]


class DateChangeRecord(models.Model):
    """One date of one session that is off, or moved in day, time or place. Live at once."""

    group_uid = models.UUIDField(db_index=True)
    session_uid = models.UUIDField()
    date = models.DateField(_("the usual date"))
    to_date = models.DateField(
        _("moved to"), null=True, blank=True, help_text=_("Leave empty if it is cancelled.")
    )
    start = models.TimeField(_("starts"), null=True, blank=True)
    end = models.TimeField(_("ends"), null=True, blank=True)
    venue = models.ForeignKey(
        "groups.Venue", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(_("why"), max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(
                fields=["group_uid", "session_uid", "date"],
                name="one_change_a_session_and_date",
                violation_error_message=_("This date is changed already. Change that entry."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.date} → {self.to_date or 'cancelled'}"


class ClosureRecord(models.Model):
    """Days on which a group, or one of its sessions, does not meet. Live at once."""

    group_uid = models.UUIDField(db_index=True)
    session_uid = models.UUIDField(null=True, blank=True)
    first_day = models.DateField(_("closed from"))
    last_day = models.DateField(_("until and with"))
    reason = models.CharField(_("why"), max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")),
                name="a_closure_ends_after_it_starts",
                violation_error_message=_("The last day comes before the first. Check both."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_day} – {self.last_day}"

    @property
    def value(self) -> Span:
        return Span(first=self.first_day, last=self.last_day, reason=self.reason)


def cancel_date(group_uid: UUID, session_uid: UUID, on: date, *, by, reason: str = "") -> DateChangeRecord:
    """Call one date off."""
    return move_date(group_uid, session_uid, on, by=by, reason=reason)


def move_date(
    group_uid: UUID,
    session_uid: UUID,
    on: date,
    *,
    by,
    to_date: date | None = None,
    start: time | None = None,
    end: time | None = None,
    venue=None,
    reason: str = "",
) -> DateChangeRecord:
    """Move one date to another day, time or place; without `to_date` it is cancelled."""
    with transaction.atomic():
        record, _created = DateChangeRecord.objects.update_or_create(
            group_uid=group_uid,
            session_uid=session_uid,
            date=on,
            defaults={
                "to_date": to_date, "start": start, "end": end, "venue": venue,
                "reason": reason, "by": by, "at": timezone.now(),
            },
        )  # fmt: skip
        _note(group_uid, "dates", f"{on}", f"{to_date or 'cancelled'}", by)
        listing_changed(group_uid)
    return record


def close_between(
    group_uid: UUID, first_day: date, last_day: date, *, by, session_uid: UUID | None = None, reason: str = ""
) -> ClosureRecord:
    """Close the group, or one session, for whole days, both ends included.

    Raises:
        ValidationError: the last day comes before the first.
    """
    if last_day < first_day:
        raise ValidationError({"last_day": _("The last day comes before the first. Check both.")})
    with transaction.atomic():
        record = ClosureRecord.objects.create(
            group_uid=group_uid,
            session_uid=session_uid,
            first_day=first_day,
            last_day=last_day,
            reason=reason,
            by=by,
        )
        _note(group_uid, "closure", "", f"{first_day} – {last_day}", by)
        listing_changed(group_uid)
    return record


def undo(record: DateChangeRecord | ClosureRecord, *, by) -> None:
    """Take a cancelled date, a move or a closure back."""
    with transaction.atomic():
        _note(record.group_uid, "dates", str(record), "", by)
        group_uid = record.group_uid
        record.delete()
        listing_changed(group_uid)


def _note(group_uid: UUID, fact: str, before: str, after: str, by) -> None:
    FactHistory.objects.create(group_uid=group_uid, fact=fact, before=before, after=after, by=by)
