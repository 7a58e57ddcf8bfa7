"""Today's facts as a group changes them: live at once for a trusted group, a proposal to staff for any other.

The forms are small; each passes its verb in `groups.listings.facts`.
"""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from groups.admin.today.forms import Clock, Day, PlaceForm, SpaceForm, StatusForm, TodayForm, coming_dates
from groups.editing.models import Proposal, ProposalKind, Trust
from groups.editing.venues import find_venues
from groups.listings import changes
from groups.listings.boundary import listing_of
from groups.listings.choices import ConfirmedBy, LocationVisibility, Status
from groups.listings.facts import GroupFacts, cancel_date, close_between, move_date
from groups.listings.models import GroupPage
from groups.places.models import Venue
from groups.schedule.words import describe_date, describe_time

MONTHS_OFFERED = 12


class GroupTodayForm(TodayForm):
    """told: what staff and the history read of it."""

    def told(self) -> str:
        """What was asked for, in a line, once the form is valid."""
        shown = []
        for name, field in self.fields.items():
            value = self.cleaned_data.get(name)
            if value in (None, "", False):
                continue
            choices: Any = field.choices if isinstance(field, forms.ChoiceField) else ()
            words = dict(choices).get(value, value) if isinstance(field, forms.ChoiceField) else value
            shown.append(f"{field.label}: {words}")
        return ". ".join(shown)


class CancelForm(GroupTodayForm):
    """One date is off: the next one is chosen already."""

    name = "cancel"
    heading = _("Cancel a date")
    button = _("Cancel this date")

    which = forms.ChoiceField(
        label=_("Which date?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a date."), "invalid_choice": _("Choose a date.")},
    )
    reason = forms.CharField(
        label=_("Why?"), required=False, max_length=200, help_text=_("People read this. It may be empty.")
    )

    def prepare(self) -> None:
        _offer_dates(self)

    def save(self) -> None:
        session, day = _which(self)
        cancel_date(self.page.uid, session, day, by=self.by, reason=self.cleaned_data["reason"])


class MoveForm(GroupTodayForm):
    """One date moves to another day, time or place."""

    name = "move"
    heading = _("Move a date")
    button = _("Move this date")

    which = CancelForm.base_fields["which"]
    to_date = forms.DateField(
        label=_("New date"), required=False, widget=Day, help_text=_("Leave it empty if the day stays.")
    )
    start = forms.TimeField(
        label=_("New start"), required=False, widget=Clock, help_text=_("Leave it empty if the time stays.")
    )
    venue = forms.CharField(
        label=_("New place"),
        required=False,
        max_length=100,
        help_text=_("Type its name. Leave it empty if the place stays."),
    )
    reason = CancelForm.base_fields["reason"]

    def prepare(self) -> None:
        _offer_dates(self)
        if self.facts.location_visibility != LocationVisibility.PUBLIC:
            del self.fields["venue"]

    def clean_venue(self) -> Venue | None:
        typed = self.cleaned_data["venue"].strip()
        if not typed:
            return None
        found = find_venues(typed)
        exact = [
            venue for venue in found if typed.casefold() in (venue.name.casefold(), str(venue).casefold())
        ]
        if len(exact or found) == 1:
            return (exact or found)[0]
        if found:
            names = "; ".join(str(venue) for venue in found)
            raise ValidationError(_("Which one is it? Type one of: %(names)s."), params={"names": names})
        raise ValidationError(_("We do not know this place. Add it under “When you meet” first."))

    def clean(self):
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned.get(name) for name in ("to_date", "start", "venue")):
            self.add_error("to_date", _("Give the new date, time or place."))
        if cleaned.get("to_date") and cleaned["to_date"] < timezone.localdate():
            self.add_error("to_date", _("This day is over. Give a day to come."))
        return cleaned

    def save(self) -> None:
        session, day = _which(self)
        values = self.cleaned_data
        move_date(
            self.page.uid,
            session,
            day,
            by=self.by,
            to_date=values["to_date"] or day,
            start=values["start"],
            venue=values.get("venue"),
            reason=values["reason"],
        )


class CloseForm(GroupTodayForm):
    """A whole month, or from one day to another."""

    name = "close"
    heading = _("Close for a while")
    button = _("Close for this time")

    month = forms.ChoiceField(label=_("The whole of a month"), required=False)
    first_day = forms.DateField(label=_("Or from"), required=False, widget=Day)
    last_day = forms.DateField(
        label=_("To"), required=False, widget=Day, help_text=_("You are closed on this day too.")
    )
    reason = forms.CharField(
        label=_("Why?"), required=False, max_length=200, help_text=_("People read this.")
    )

    def prepare(self) -> None:
        first = timezone.localdate().replace(day=1)
        months = []
        for _step in range(MONTHS_OFFERED):
            months.append((first.isoformat(), date_format(first, "F Y")))
            first = (first + timedelta(days=31)).replace(day=1)
        cast(forms.ChoiceField, self.fields["month"]).choices = [("", gettext("Choose days below")), *months]

    def clean(self):
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        if cleaned.get("month"):
            first = date.fromisoformat(cleaned["month"])
            cleaned["first_day"] = first
            cleaned["last_day"] = first.replace(day=monthrange(first.year, first.month)[1])
        elif not cleaned.get("first_day"):
            self.add_error("first_day", _("Choose a month, or give the first day."))
        elif not cleaned.get("last_day"):
            cleaned["last_day"] = cleaned["first_day"]
        elif cleaned["last_day"] < cleaned["first_day"]:
            self.add_error("last_day", _("The last day comes before the first. Check both."))
        return cleaned

    def save(self) -> None:
        values = self.cleaned_data
        close_between(
            self.page.uid, values["first_day"], values["last_day"], by=self.by, reason=values["reason"]
        )


class CapacityForm(SpaceForm, GroupTodayForm):
    heading = _("Have you got space?")


class RunningForm(StatusForm, GroupTodayForm):
    """Running, or taking a break. Closing for good is the lead's, and a page of its own (`groups.leaving`)."""

    heading = _("Are you running?")

    def prepare(self) -> None:
        super().prepare()
        del self.fields["closed_on"]
        field = cast(forms.ChoiceField, self.fields["status"])
        field.choices = [choice for choice in Status.choices if choice[0] != Status.CLOSED]

    def clean(self):
        if self.facts.status == Status.CLOSED:
            raise ValidationError(_("This group is closed for good. Its lead can open it again."))
        return super().clean()


class WhoMaySeeForm(PlaceForm, GroupTodayForm):
    heading = _("Who may see where you meet?")


FORMS: dict[str, type[GroupTodayForm]] = {
    form.name: form for form in (CancelForm, MoveForm, CloseForm, CapacityForm, RunningForm, WhoMaySeeForm)
}


def today_form(name: str, page: GroupPage, data: Any = None, *, by: Any) -> GroupTodayForm:
    """The form of this name over today's facts. Raises KeyError for a name there is none of."""
    facts = GroupFacts.objects.filter(group_uid=page.uid).first() or GroupFacts(group_uid=page.uid)
    return FORMS[name](data, page=page, facts=facts, sessions=listing_of(page).sessions, by=by)


def is_live_at_once(name: str, page: GroupPage) -> bool:
    """Whether this group may change this fact by itself. Making a place harder to find never waits."""
    return name == WhoMaySeeForm.name or not page.live or Trust.holds_for(page.uid)


def say_today(form: GroupTodayForm) -> bool:
    """Pass the verb of a valid form, in one transaction; True: done, False: staff are asked."""
    with transaction.atomic(), changes.together():
        if is_live_at_once(form.name, form.page):
            form.facts = GroupFacts.objects.for_group(form.page.uid)
            form.save()
            return True
        Proposal.objects.create(
            group_uid=form.page.uid,
            kind=ProposalKind.TODAY,
            values={
                "form": form.name,
                "data": {key: form.data[key] for key in form.data if key.startswith(form.name)},
            },
            told=[{"part": form.name, "label": str(form.heading), "before": "", "after": form.told()}],
            by=form.by,
        )
        return False


def asked_for_space(pages: Iterable[GroupPage], today: date) -> set[UUID]:
    """Public ids of the running groups whose people are asked about space when they sign in (`domain.md`, freshness rule 3)."""
    live = {page.uid for page in pages if page.live}
    facts = {row.group_uid: row for row in GroupFacts.objects.filter(group_uid__in=live)}
    found = (facts.get(uid) or GroupFacts(group_uid=uid) for uid in live)
    return {row.group_uid for row in found if row.status == Status.OPEN and not row.space_is_known(today)}


def everything_is_right(page: GroupPage, *, by: Any) -> None:
    """One press (`domain.md`, freshness rule 1)."""
    GroupFacts.objects.for_group(page.uid).confirm(by=by, kind=ConfirmedBy.GROUP)


def _offer_dates(form: TodayForm) -> None:
    """The coming dates of each session; the soonest is chosen."""
    today = timezone.localdate()
    offered = sorted(
        (meeting.date, session.uid, _date_words(session, meeting.date, today))
        for session in form.sessions
        for meeting in coming_dates(session)
    )
    choices = [(f"{uid} {day}", words) for day, uid, words in offered]
    cast(forms.ChoiceField, form.fields["which"]).choices = choices
    if choices:
        form.initial.setdefault("which", choices[0][0])


def _date_words(session: Any, day: date, today: date) -> str:
    words = [describe_date(day, today), describe_time(session.rule.start, session.rule.end), session.label]
    return ", ".join(word for word in words if word)


def _which(form: forms.Form) -> tuple[UUID, date]:
    session, day = form.cleaned_data["which"].split()
    return UUID(session), date.fromisoformat(day)
