"""Erasing the contacts of a group that closed three months ago (`domain.md`, "Retention").

Contacts, photos, private places, and what people wrote about people go: from the page, every older version, what is written
beside it, logs, e-mails, invitations, source records and every index. The page is taken down. Its name, topics, days and
public venue stay for staff, with one version; only staff delete the page. Numbers and addresses are blotted out of the words
that stay, and so are the names that stood beside them.
"""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from wagtail.admin.models import FormState
from wagtail.log_actions import log
from wagtail.models import (
    Comment,
    Page,
    PageLogEntry,
    ReferenceIndex,
    Revision,
    WorkflowState,
)

from groups.editing.models import Proposal, SeenLater
from groups.editing.policy import REACHES_OUT
from groups.leaving.photos import forget_photos, photos_of
from groups.links.users import forget_unused
from groups.listings import changes
from groups.listings.blotting import BLOT, Blotter
from groups.listings.choices import ContactKind, Status
from groups.listings.facts import ClosureRecord, DateChangeRecord, FactHistory, GroupFacts
from groups.listings.freshness import closed_on_before
from groups.listings.models import Contact, GroupAccess, GroupPage, GroupPhoto, GroupSession
from groups.listings.provenance import SourceRecord
from groups.mail.models import QueuedMail, State
from groups.organisations.models import Organisation
from groups.people.membership.models import Claim, Invitation, Membership, Scope
from groups.people.membership.verbs import end_all
from groups.problems.models import FOR_STAFF_ALONE, Problem

_ABOUT_PEOPLE = (
    "first_visit_welcome", "first_visit_note", "joining_note", "cost_note", "times_note", "getting_there",
    "referral_how", "dbs_note",
)  # fmt: skip
"""Fields of the page in which people say whom to ask; they are emptied."""
_KEPT_WORDS = ("summary", "description")
_PRIVATE_PLACE = ("place_name", "place_address", "place_postcode")
_FREE_FACTS = ("capacity_note", "stage_note")


def closed_too_long(today: date) -> QuerySet[GroupFacts]:
    """Closed groups whose contacts are due to go, the longest closed first; also one that was put up again meanwhile.

    Three months count from the day it closed and from the day it was said, the later of both: a mistyped year erases nothing.
    """
    up_again = GroupPage.objects.filter(translation_key=OuterRef("group_uid"), live=True)
    due = Q(erased_on=None) | Q(erased_on__lt=F("closed_on")) | Exists(up_again)
    before = closed_on_before(today)
    said_lately = FactHistory.objects.filter(
        group_uid=OuterRef("group_uid"), fact="status", after=Status.CLOSED, at__date__gte=before
    )
    closed = GroupFacts.objects.filter(status=Status.CLOSED, closed_on__lt=before)
    return closed.filter(due).exclude(Exists(said_lately)).order_by("closed_on", "pk")


class EraseClosedGroup:
    """Call `execute`; nothing happens where the group was opened meanwhile. Safe to run again."""

    def __init__(self, uid: UUID, *, today: date):
        self.uid, self.today = uid, today

    def execute(self) -> bool:
        """Erase, in one transaction. False when it is not due any more."""
        with changes.together():
            if not closed_too_long(self.today).select_for_update().filter(group_uid=self.uid).exists():
                return False
            self._look()
            self._take_down()
            self._clear_words()
            self._clear_facts()
            self._forget_past()
            self._forget_people()
            forget_photos(self.images)
            GroupFacts.objects.for_group(self.uid).change(by=None, erased_on=self.today)
            changes.erase_texts(self.uid, self.texts)
            changes.listing_changed(self.uid)
        return True

    # --- what there is ------------------------------------------------------------------------

    def _look(self) -> None:
        """Read everything that goes, before the first of it is gone."""
        self.pages = list(GroupPage.objects.with_uids([self.uid]))
        self.ids = [page.pk for page in self.pages]
        self.group_type = ContentType.objects.get_for_model(GroupPage)
        self.revisions = Revision.objects.filter(
            content_type=self.group_type, object_id__in=map(str, self.ids)
        )
        contents = list(self.revisions.values_list("content", flat=True))
        contacts = list(Contact.objects.filter(page__in=self.ids).values("kind", "value", "label"))
        sessions = list(GroupSession.objects.filter(page__in=self.ids).values(*_PRIVATE_PLACE))
        for content in contents:
            contacts += content.get("contacts", [])
            sessions += content.get("sessions", [])
        self.images = photos_of(self.ids, contents)
        self.addresses = {
            row["value"].strip().lower() for row in contacts if row["kind"] == ContactKind.EMAIL
        }
        secrets = {row[name] for row in contacts for name in ("value", "label")}
        secrets |= {row.get(name) for row in sessions for name in _PRIVATE_PLACE}
        invited = Invitation.objects.of(Scope(group_uid=self.uid)).values_list("email", flat=True)
        self.addresses.update(invited)
        secrets |= self.addresses | self._names_and_addresses_of_members()
        said = [getattr(page, name) for page in self.pages for name in _ABOUT_PEOPLE]
        said += GroupAccess.objects.filter(page__in=self.ids).values_list("detail", flat=True)
        said += GroupPhoto.objects.filter(page__in=self.ids).values_list("alt", flat=True)
        self.blotter = Blotter({secret for secret in secrets if secret})
        self.texts = {text for text in (*secrets, *said) if text}

    def _names_and_addresses_of_members(self) -> set[str]:
        members = Membership.objects.of(Scope(group_uid=self.uid)).select_related("user")
        return {text for member in members for text in (member.user.email, member.user.get_full_name())}

    # --- where it stands ----------------------------------------------------------------------

    def _take_down(self) -> None:
        for page in self.pages:
            if page.live:
                page.unpublish(user=None)

    def _clear_words(self) -> None:
        """The live rows; no signal is fired, the door is passed at the end."""
        mine = {"page__in": self.ids}
        pages = GroupPage.objects.filter(pk__in=self.ids)
        Contact.objects.filter(**mine).delete()
        GroupPhoto.objects.filter(**mine).delete()
        GroupAccess.objects.filter(**mine).update(detail="")
        GroupSession.objects.filter(**mine).update(**dict.fromkeys(_PRIVATE_PLACE, ""))
        pages.update(**dict.fromkeys(_ABOUT_PEOPLE, ""))
        self._blot(GroupSession.objects.filter(**mine), "label")
        self._blot(pages, *_KEPT_WORDS)
        self._blot(Page.objects.filter(pk__in=self.ids), "seo_title", "search_description")
        for organisation in Organisation.objects.filter(groups__in=self.ids).distinct():
            if not organisation.groups.exclude(pk__in=self.ids).exists():
                Organisation.objects.filter(pk=organisation.pk).update(website="")
                self._blot(Organisation.objects.filter(pk=organisation.pk), "about")
        forget_unused()

    def _blot(self, rows: QuerySet[Any], *fields: str) -> None:
        """Take names, numbers and addresses out of words that stay."""
        for row in rows.order_by().values("pk", *fields):
            clean = {name: REACHES_OUT.sub(BLOT, self.blotter.text(row[name])) for name in fields}
            rows.model._base_manager.filter(pk=row["pk"]).update(**clean)

    def _clear_facts(self) -> None:
        mine = {"group_uid": self.uid}
        for model in (DateChangeRecord, ClosureRecord, SeenLater, Proposal, Claim):
            model.objects.filter(**mine).delete()
        GroupFacts.objects.filter(**mine).update(**dict.fromkeys(_FREE_FACTS, ""), confirmed_by_user=None)
        FactHistory.objects.filter(**mine, fact__in=_FREE_FACTS).update(before="", after="")
        SourceRecord.objects.filter(**mine).update(values={}, url="")
        worries = Problem.objects.unfinished().filter(kind__in=FOR_STAFF_ALONE)
        Problem.objects.about(self.uid).exclude(pk__in=worries).delete()

    def _forget_past(self) -> None:
        """One clean version stays; who did what and when stays too, without the words."""
        as_text = [str(pk) for pk in self.ids]
        WorkflowState.objects.filter(content_type=self.group_type, object_id__in=as_text).delete()
        Comment.objects.filter(page__in=self.ids).delete()
        FormState.objects.filter(content_type=self.group_type, object_id__in=as_text).delete()
        Page.objects.filter(pk__in=self.ids).update(draft_title=F("title"))
        for page in GroupPage.objects.filter(pk__in=self.ids):
            page.save_revision(clean=False, log_action=False)
            ReferenceIndex.create_or_update_for_object(page)
        kept = GroupPage.objects.filter(pk__in=self.ids).values("latest_revision")
        self.revisions.exclude(pk__in=kept).delete()
        entries = PageLogEntry.objects.filter(page__in=self.ids)
        entries.update(data={})
        self.blotter.rows(entries, "label")
        for page in self.pages:
            log(page, "waymark.erase_contacts")

    def _forget_people(self) -> None:
        scope = Scope(group_uid=self.uid)
        end_all(scope)
        Invitation.objects.of(scope).delete()
        # What still waits to be sent is about something else: three months are longer than any e-mail waits.
        mails = QueuedMail.objects.exclude(state__in=(State.WAITING, State.SENDING))
        mails.filter(to__in=self.addresses).delete()
        self.blotter.rows(mails, "subject", "text", "html")
