"""The admin's form over a group's draft: what one row alone cannot know."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm

from groups.listings.choices import LocationVisibility, Mode, Served
from groups.listings.ticks import group_by_family
from groups.rows import PageRow, give_new_uids_to_copies

_TERMS = ("activities", "needs", "suggested_activities", "suggested_needs", "circumstances", "languages")
_PRIVATE_PLACE = ("place_name", "place_address", "place_postcode")


class GroupPageForm(WagtailAdminPageForm):
    """A draft may be incomplete, but never wrong; publishing asks for everything (Wagtail's deferred validation)."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in _TERMS:
            if name in self.fields:
                group_by_family(self.fields[name])

    def defer_required_fields(self) -> None:
        super().defer_required_fields()
        self._rows_may_be_incomplete(True)

    def restore_required_fields(self) -> None:
        super().restore_required_fields()
        self._rows_may_be_incomplete(False)

    def _rows_may_be_incomplete(self, may_be: bool) -> None:
        for formset in self.formsets.values():
            for form in formset.forms:
                if isinstance(form.instance, PageRow):
                    form.instance.may_be_incomplete = may_be

    def clean(self):
        """Browsers send line ends of their own: without this a text nobody touched would count as changed."""
        cleaned = super().clean()
        for name, value in cleaned.items():
            if isinstance(value, str):
                cleaned[name] = value.replace("\r\n", "\n")
        return cleaned

    def is_valid(self) -> bool:
        valid = super().is_valid()
        if self.is_bound:
            visibility = self._visibility()
            self._check_places(visibility)
            self._check_area(visibility)
            self._check_access()
            valid = valid and not self.errors and not any(form.errors for form in self._all_rows())
        return valid

    def save(self, commit=True):
        for formset in self.formsets.values():
            if issubclass(formset.model, PageRow):
                give_new_uids_to_copies(
                    form.instance for form in formset.forms if form.has_changed() or form.instance.pk
                )
        return super().save(commit=commit)

    # --- what rows say together ---------------------------------------------------------------

    def _visibility(self) -> str:
        """Who may see where the group meets: today's fact, whatever the draft says."""
        from groups.listings.facts import GroupFacts

        facts = GroupFacts.objects.filter(group_uid=self.instance.translation_key).first()
        return facts.location_visibility if facts else LocationVisibility.PUBLIC

    def _check_places(self, visibility: str) -> None:
        hidden = visibility == LocationVisibility.HIDDEN
        for form in self._rows("sessions"):
            session = form.cleaned_data
            if visibility != LocationVisibility.PUBLIC and session.get("venue"):
                self._refuse(form, "venue", _VENUE_OF_HIDDEN if hidden else _VENUE_OF_PRIVATE)
            for name in _PRIVATE_PLACE:
                if hidden and session.get(name):
                    self._refuse(form, name, _KEEP_NO_ADDRESS)
            if self._lacks_a_place(session, visibility):
                self._refuse(form, "venue", _("Choose a venue, or say under “Getting there” where you meet."))
        for form in self._rows("served_areas"):
            if hidden and form.cleaned_data.get("kind") == Served.RADIUS:
                self._refuse(
                    form, "kind", _("Miles around a place can give it away. Choose a town or council area.")
                )
        if hidden and self.cleaned_data.get("getting_there"):
            self._refuse(
                self, "getting_there", _("This group is hidden. Clear this box: the way there gives it away.")
            )

    def _lacks_a_place(self, session: dict, visibility: str) -> bool:
        if self.is_deferred_validation or visibility != LocationVisibility.PUBLIC:
            return False
        in_words = (self.cleaned_data.get(name) for name in ("getting_there", "times_note", "area_name"))
        return session.get("mode") == Mode.IN_PERSON and not session.get("venue") and not any(in_words)

    def _check_area(self, visibility: str) -> None:
        named = self.cleaned_data.get("area_name") or "area_name" in self.errors
        if visibility != LocationVisibility.PUBLIC and not named and not self.is_deferred_validation:
            self._refuse(self, "area_name", _("Name a town or village. People see it instead of the place."))

    def _check_access(self) -> None:
        answered = set()
        for form in self._rows("access_answers"):
            feature = form.cleaned_data.get("feature")
            if feature in answered:
                self._refuse(
                    form, "feature", _("This is answered twice. Keep one answer and remove the other.")
                )
            answered.add(feature)

    def _rows(self, relation: str) -> Iterator:
        """The forms of rows that stay."""
        formset = self.formsets.get(relation)
        for form in formset.forms if formset else ():
            filled = form.has_changed() or form.instance.pk
            if filled and hasattr(form, "cleaned_data") and not form.cleaned_data.get("DELETE"):
                yield form

    def _all_rows(self) -> Iterator:
        for formset in self.formsets.values():
            deleted = set(formset.deleted_forms) if formset.can_delete else set()
            yield from (form for form in formset.forms if form not in deleted)

    @staticmethod
    def _refuse(form, field: str, message) -> None:
        if field in form.fields:
            if not form.has_error(field):
                form.add_error(field, message)
        else:
            form.add_error(None, message)


_VENUE_OF_PRIVATE = _(
    "This group's place is not public, and everyone can see a venue. "
    "Remove the venue, and use “A place that is not public” instead."
)
_VENUE_OF_HIDDEN = _(
    "This group is hidden, and everyone can see a venue. Remove the venue. The town is enough."
)
_KEEP_NO_ADDRESS = _("This group is hidden, so we keep no address. Clear this box.")
