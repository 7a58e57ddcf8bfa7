"""One session, as people say it, with its place found or added in the same step."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from groups.editing.forms.base import StepForm
from groups.editing.sentences import sentence_of, write_rule
from groups.editing.venues import find_venues, new_venue
from groups.listings.choices import LocationVisibility, Mode
from groups.listings.models import GroupSession, session_problems
from groups.places.models import Venue
from groups.schedule.rules import Rule
from groups.schedule.spoken import SentenceError, read_sentence

NO_PLACE, NEW_PLACE = "none", "new"
_PRIVATE = ("place_name", "place_address", "place_postcode")
_NEW = {"new_name": "name", "new_address": "address", "new_town": "town", "new_postcode": "postcode"}


class SessionForm(StepForm):
    """The questions about a new place are there once a search found nothing, or it was chosen."""

    parts = ("sessions",)
    relation = "sessions"

    when = forms.CharField(
        label=_("When do you meet?"),
        max_length=200,
        help_text=_(
            "Say it in words. Such as: every Tuesday 10am to 12 noon. Or: second Sunday of the month, 2pm."
        ),
        error_messages={"required": _("Say which day you meet. For example: every Tuesday 10am to 12 noon.")},
    )
    label = forms.CharField(
        label=_("Name of this session"),
        max_length=100,
        required=False,
        help_text=_("Such as Beginners. May be empty."),
    )
    mode = forms.ChoiceField(
        label=_("How do people take part?"), choices=Mode, widget=forms.RadioSelect, initial=Mode.IN_PERSON
    )
    venue = forms.ChoiceField(label=_("Where?"), required=False, widget=forms.RadioSelect)
    place = forms.CharField(
        label=_("Find another place"),
        required=False,
        max_length=100,
        help_text=_("Type its name, street or postcode. Then press Find."),
    )
    new_name = forms.CharField(label=_("Name of the new place"), required=False, max_length=200)
    new_address = forms.CharField(label=_("Its street and number"), required=False, max_length=250)
    new_town = forms.CharField(label=_("Its town or village"), required=False, max_length=100)
    new_postcode = forms.CharField(label=_("Its postcode"), required=False, max_length=10)
    place_name = forms.CharField(
        label=_("Name of the place"), required=False, max_length=200, help_text=_("Visitors do not see it.")
    )
    place_address = forms.CharField(label=_("Its address"), required=False, max_length=250)
    place_postcode = forms.CharField(label=_("Its postcode"), required=False, max_length=10)

    def prepare(self) -> None:
        row = self.found
        self.session = row if isinstance(row, GroupSession) else None
        self.rule: Rule | None = None
        if self.session:
            self.initial = {
                "when": sentence_of(self.session.rule),
                **{name: getattr(self.session, name) for name in ("label", "mode", *_PRIVATE)},
            }
        if self.seen_by == LocationVisibility.PUBLIC:
            self._offer_venues()
            hidden: tuple[str, ...] = _PRIVATE
        else:
            hidden = ("venue", "place", *_NEW)
            if self.seen_by == LocationVisibility.HIDDEN:
                hidden += _PRIVATE
        for name in hidden:
            del self.fields[name]

    def _offer_venues(self) -> None:
        now = self.session.venue if self.session else None
        chosen = self.data.get("venue", "")
        offered = [now] if now else []
        if chosen not in ("", NO_PLACE, NEW_PLACE):
            offered += [venue for venue in [venue_of(chosen)] if venue]
        typed = self.data.get("place", "").strip()
        matches = find_venues(typed)
        offered += matches
        if not offered and not self.data:
            offered = self._other_venues()
        choices = [(str(venue.uid), str(venue)) for venue in {venue.pk: venue for venue in offered}.values()]
        choices.append((NO_PLACE, gettext("No fixed place")))
        if typed or chosen == NEW_PLACE:
            choices.append((NEW_PLACE, gettext("A place that is not in this list")))
        if chosen != NEW_PLACE and (matches or not typed):
            for name in _NEW:
                del self.fields[name]
        self.fields["venue"].choices = choices  # type: ignore[attr-defined]
        self.initial["venue"] = str(now.uid) if now else (choices[0][0] if len(choices) > 1 else NO_PLACE)

    def _other_venues(self) -> list[Venue]:
        """Where the group meets already: a new session is likely to be there, too."""
        return [row.venue for row in self.page.sessions.all() if row.venue]

    @property
    def finds(self) -> bool:
        """Whether "Find" was pressed: nothing is to be saved yet."""
        return "find" in self.data

    def clean_when(self) -> str:
        said = " ".join(self.cleaned_data["when"].split())
        if self.session and said == sentence_of(self.session.rule):
            self.rule = self.session.rule
            return said
        try:
            self.rule = read_sentence(said)
        except SentenceError as error:
            raise ValidationError(str(error)) from error
        probe = GroupSession()
        write_rule(probe, self.rule)
        if problems := session_problems(probe):
            if "first_date" in problems:
                raise ValidationError(
                    _("Add a date you meet, so that we can count. Such as: from 4 December.")
                )
            raise ValidationError(next(iter(problems.values())))
        return said

    def clean(self):
        cleaned = super().clean() or {}
        self.place_to_be: Venue | None = None
        if "venue" in self.fields and cleaned.get("mode") == Mode.IN_PERSON:
            self._clean_place(cleaned)
        return cleaned

    def _clean_place(self, cleaned: dict[str, Any]) -> None:
        chosen, typed = cleaned.get("venue"), (cleaned.get("place") or "").strip()
        if chosen == NEW_PLACE:
            self._clean_new_place(cleaned)
            return
        if typed and chosen in (self.initial["venue"], NO_PLACE, ""):
            # A name was typed and nothing was chosen: one place of this name is meant, several must be chosen from.
            found = find_venues(typed)
            if len(found) == 1:
                self.place_to_be = found[0]
                return
            message = (
                _("Choose the place from this list.")
                if found
                else _("We do not know this place yet. Add it here.")
            )
            self.add_error("venue", message)
            return
        self.place_to_be = venue_of(chosen) if chosen else None

    def _clean_new_place(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("new_name"):
            self.add_error("new_name", _("Give the name of the place."))
            return
        if not cleaned.get("new_postcode"):
            self.add_error("new_postcode", _("Give the postcode, so that people can find it."))
            return
        try:
            self.place_to_be = new_venue(**{ours: cleaned.get(name, "") for name, ours in _NEW.items()})
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                self.add_error(f"new_{name}" if f"new_{name}" in self.fields else None, messages)

    def put(self) -> None:
        session = self.session or GroupSession(uid=self.row_uid)
        if self.rule:
            write_rule(session, self.rule)
        session.label, session.mode = self.cleaned_data["label"], self.cleaned_data["mode"]
        if "venue" in self.fields:
            if self.place_to_be and self.place_to_be.pk is None:
                self.place_to_be.save()
            session.venue = self.place_to_be if session.mode == Mode.IN_PERSON else None
        for name in _PRIVATE:
            if name in self.fields:
                setattr(session, name, self.cleaned_data[name])
        self.put_row(session)


def venue_of(uid: str) -> Venue | None:
    """The venue of this public id; None for anything else."""
    try:
        return Venue.objects.filter(uid=uid).first()
    except (ValidationError, ValueError):
        return None
