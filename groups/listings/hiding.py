"""Hiding where a group meets: nothing of the place is kept, anywhere (`domain.md`, "Places that must not be found").

It goes from the live page, every draft and older version, what is written beside the page, comments, logs, redirects,
unfinished forms and the index, in one transaction. Words in which the place is named are blotted out.
What was removed cannot be brought back.
"""

from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from wagtail.admin.models import FormState
from wagtail.contrib.redirects.models import Redirect
from wagtail.log_actions import log
from wagtail.models import (
    Comment,
    CommentReply,
    ModelLogEntry,
    Page,
    PageLogEntry,
    ReferenceIndex,
    Revision,
    TaskState,
    WorkflowState,
)

from groups.editing.models import Proposal, SeenLater
from groups.links.users import forget_unused
from groups.listings import changes
from groups.listings.blotting import POSTCODE, Blotter
from groups.listings.choices import Served
from groups.listings.facts import ClosureRecord, DateChangeRecord, FactHistory, GroupFacts
from groups.listings.models import Contact, GroupAccess, GroupPage, GroupPhoto, GroupSession, ServedArea
from groups.listings.provenance import SourceRecord
from groups.mail.models import QueuedMail
from groups.places.models import Venue
from groups.problems.models import Problem, ProblemStep

_NO_PLACE: dict[str, Any] = {"venue": None, "place_name": "", "place_address": "", "place_postcode": ""}
_PAGE_TEXTS = ("draft_title", "seo_title", "search_description")


class HidePlaces:
    """Call `check`, then `execute`; the caller sets the group's visibility in the same transaction."""

    def __init__(self, uid: UUID, *, by):
        self.uid, self.by = uid, by
        self.pages = list(GroupPage.objects.with_uids([uid]))
        self.ids = [page.pk for page in self.pages]
        self.group_type = ContentType.objects.get_for_model(GroupPage)
        self.revisions = list(
            Revision.objects.filter(content_type=self.group_type, object_id__in=map(str, self.ids))
        )
        self.venues = self._venues()
        self.secrets = self._secrets()
        self.blotter = Blotter(self.secrets)

    def check(self) -> None:
        """Raises ValidationError where the name people read is the place: only a person can find a better one."""
        for page in self.pages:
            if self.blotter.finds(page.title) or self.blotter.finds(page.slug):
                raise ValidationError(
                    _(
                        "The group's name or web address gives the place away. "
                        "Change both, publish, then come back."
                    )
                )

    def execute(self) -> None:
        """Remove the place, in one transaction."""
        self.check()
        with changes.together():
            self._clear_live_rows()
            for revision in self.revisions:
                self._clear_version(revision)
            self._clear_facts()
            self._clear_logs()
            self._clear_redirects()
            self._remove_venues_of_its_own()
            for page in self.pages:
                ReferenceIndex.create_or_update_for_object(GroupPage.objects.get(pk=page.pk))
                log(page, "waymark.hide_places", user=self.by)
            changes.erase_texts(self.uid, self.secrets)
            changes.listing_changed(self.uid)

    # --- what is secret -----------------------------------------------------------------------

    def _venues(self) -> list[Venue]:
        ids = set(DateChangeRecord.objects.filter(group_uid=self.uid).values_list("venue", flat=True))
        ids.update(GroupSession.objects.filter(page__in=self.ids).values_list("venue", flat=True))
        for revision in self.revisions:
            ids.update(row.get("venue") for row in revision.content.get("sessions", []))
        return list(Venue.objects.filter(pk__in=ids - {None}))

    def _secrets(self) -> set[str]:
        """Names, addresses and postcodes of every place the group met at; never the area people may know."""
        found = {text for venue in self.venues for text in (venue.name, venue.address, venue.postcode)}
        sessions = list(GroupSession.objects.filter(page__in=self.ids).values())
        areas = list(ServedArea.objects.filter(page__in=self.ids).values())
        for revision in self.revisions:
            sessions += revision.content.get("sessions", [])
            areas += revision.content.get("served_areas", [])
        for row in sessions:
            found |= {row.get("place_name"), row.get("place_address"), row.get("place_postcode")}
        found |= {row["place"] for row in areas if POSTCODE.search(row.get("place") or "")}
        known = {page.area_name.casefold() for page in self.pages} | {
            venue.town.casefold() for venue in self.venues
        }
        return {text for text in found if text and text.casefold() not in known}

    # --- where it may stand -------------------------------------------------------------------

    def _clear_live_rows(self) -> None:
        mine = {"page__in": self.ids}
        GroupSession.objects.filter(**mine).update(**_NO_PLACE)
        for area in ServedArea.objects.filter(**mine):
            if _area_gives_away(area.kind, area.place):
                area.delete()
            elif POSTCODE.search(area.place):
                ServedArea.objects.filter(pk=area.pk).update(place=area.label)
        self.blotter.rows(GroupSession.objects.filter(**mine), "label")
        self.blotter.rows(ServedArea.objects.filter(**mine), "place", "label")
        self.blotter.rows(GroupAccess.objects.filter(**mine), "detail")
        self.blotter.rows(GroupPhoto.objects.filter(**mine), "alt")
        self.blotter.rows(Contact.objects.filter(**mine), "label", "value")
        pages = GroupPage.objects.filter(pk__in=self.ids)
        pages.update(getting_there="")
        self.blotter.rows(pages, *_own_texts())
        self.blotter.rows(Page.objects.filter(pk__in=self.ids), *_PAGE_TEXTS)

    def _clear_version(self, revision: Revision) -> None:
        content = revision.content
        for row in content.get("sessions", []):
            row.update(_NO_PLACE)
        areas = content.get("served_areas", [])
        content["served_areas"] = [row for row in areas if not _area_gives_away(row["kind"], row["place"])]
        for row in content["served_areas"]:
            if POSTCODE.search(row["place"]):
                row["place"] = row["label"]
        content["getting_there"] = ""
        page = next(page for page in self.pages if str(page.pk) == revision.object_id)
        if self.blotter.finds(content.get("slug")):
            content["slug"], content["url_path"] = page.slug, page.url_path
        if self.blotter.finds(content.get("title")):
            content["title"] = content["draft_title"] = page.title
        revision.content = self.blotter.json(content)
        revision.object_str = self.blotter.text(revision.object_str)
        revision.save(update_fields=["content", "object_str"])

    def _clear_facts(self) -> None:
        mine = {"group_uid": self.uid}
        DateChangeRecord.objects.filter(**mine).update(venue=None)
        self.blotter.rows(DateChangeRecord.objects.filter(**mine), "reason")
        self.blotter.rows(ClosureRecord.objects.filter(**mine), "reason")
        self.blotter.rows(FactHistory.objects.filter(**mine), "before", "after")
        self.blotter.rows(GroupFacts.objects.filter(**mine), "capacity_note", "stage_note")
        for record in SourceRecord.objects.filter(**mine, values__has_key="venue"):
            SourceRecord.objects.filter(pk=record.pk).update(values={**record.values, "venue": None})
        self.blotter.rows(SourceRecord.objects.filter(**mine), "values", "url")
        self.blotter.rows(SeenLater.objects.filter(**mine), "told")
        self.blotter.rows(Proposal.objects.filter(**mine), "values", "told")
        forget_unused()
        self.blotter.rows(Problem.objects.filter(**mine), "words")
        self.blotter.rows(ProblemStep.objects.filter(problem__group_uid=self.uid), "note")
        for letters in ("checking_", "problem_"):
            self.blotter.rows(QueuedMail.objects.filter(template__startswith=letters), "text", "html")

    def _clear_logs(self) -> None:
        as_text = [str(pk) for pk in self.ids]
        comments = Comment.objects.filter(page__in=self.ids)
        workflows = WorkflowState.objects.filter(content_type=self.group_type, object_id__in=as_text)
        venues = [str(venue.pk) for venue in self.venues_of_its_own()]
        of_venues = ModelLogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(Venue), object_id__in=venues
        )
        self.blotter.rows(comments, "text")
        self.blotter.rows(CommentReply.objects.filter(comment__in=comments), "text")
        self.blotter.rows(TaskState.objects.filter(workflow_state__in=workflows), "comment")
        self.blotter.rows(PageLogEntry.objects.filter(page__in=self.ids), "label", "data")
        self.blotter.rows(of_venues, "label", "data")
        FormState.objects.filter(content_type=self.group_type, object_id__in=[*as_text, ""]).delete()

    def _clear_redirects(self) -> None:
        for redirect in Redirect.objects.filter(redirect_page__in=self.ids):
            if self.blotter.finds(redirect.old_path):
                redirect.delete()

    # --- venues that stood for this group alone -----------------------------------------------

    def venues_of_its_own(self) -> list[Venue]:
        """Venues that no other group uses, in drafts neither. A hall shared with others stays."""
        drafts = Revision.objects.filter(
            pk__in=GroupPage.objects.exclude(translation_key=self.uid).values("latest_revision")
        )
        drafted = {
            row.get("venue")
            for content in drafts.values_list("content", flat=True).iterator(200)
            for row in content.get("sessions", [])
        }
        return [
            venue
            for venue in self.venues
            if venue.pk not in drafted
            and not GroupPage.objects.meeting_at(venue).exclude(translation_key=self.uid).exists()
        ]

    def _remove_venues_of_its_own(self) -> None:
        for venue in self.venues_of_its_own():
            venue.delete()


def _area_gives_away(kind: str, place: str) -> bool:
    """A circle, or a place named by its postcode, shows where the group is; a council area does not."""
    return kind == Served.RADIUS or (kind == Served.PLACE and bool(POSTCODE.search(place or "")))


def _own_texts() -> list[str]:
    """The page's own fields that hold words people wrote."""
    return [
        field.name
        for field in GroupPage._meta.local_fields
        if isinstance(field, models.CharField | models.TextField) and not field.choices
    ]
