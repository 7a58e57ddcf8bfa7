"""Who keeps which page: members, invitations, claims, and their history.

Each is about one group (by its public id) or one organisation (all its groups), never both. Verbs are in `verbs`.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groups.listings.models import GroupPage
from groups.organisations.models import Organisation
from groups.people.models import EmailNameField

_INVITATION_KEYS = Signer(salt="waymark.invitation")


class Role(models.TextChoices):
    LEAD = "lead", _("Lead")
    EDITOR = "editor", _("Editor")


@dataclass(frozen=True, slots=True)
class Scope:
    """What a membership is of: one group, or an organisation with all its groups."""

    group_uid: UUID | None = None
    organisation_id: int | None = None

    @classmethod
    def of_group(cls, group: GroupPage) -> "Scope":
        return cls(group_uid=group.uid)

    @property
    def values(self) -> dict[str, Any]:
        """The columns that say it."""
        return {"group_uid": self.group_uid, "organisation_id": self.organisation_id}

    def groups(self) -> models.QuerySet[GroupPage]:
        """The pages it covers."""
        if self.organisation_id:
            return GroupPage.objects.filter(organisation_id=self.organisation_id)
        return GroupPage.objects.filter(translation_key=self.group_uid)

    @property
    def name(self) -> str:
        """The group's or organisation's name; "" when it is gone."""
        if self.organisation_id:
            return (
                Organisation.objects.filter(pk=self.organisation_id).values_list("name", flat=True).first()
                or ""
            )
        return self.groups().values_list("title", flat=True).first() or ""


def exactly_one_q() -> Q:
    return Q(group_uid__isnull=True, organisation__isnull=False) | Q(
        group_uid__isnull=False, organisation__isnull=True
    )


class ScopedQuerySet(models.QuerySet):
    def of(self, scope: Scope) -> Self:
        """Rows of exactly this group or organisation."""
        return self.filter(**scope.values)

    def covering(self, about: GroupPage | Organisation) -> Self:
        """Rows of this group or of the organisation that runs it; or of this organisation."""
        if isinstance(about, Organisation):
            return self.filter(organisation=about)
        q = Q(group_uid=about.uid)
        return self.filter(q | Q(organisation_id=about.organisation_id) if about.organisation_id else q)


class Scoped(models.Model):
    """A row about one group or one organisation."""

    group_uid = models.UUIDField(null=True, blank=True, db_index=True)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )

    wagtail_reference_index_ignore = True

    class Meta:
        abstract = True

    @property
    def scope(self) -> Scope:
        return Scope(group_uid=self.group_uid, organisation_id=self.organisation_id)


class MembershipQuerySet(ScopedQuerySet):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def ended(self) -> Self:
        return self.filter(is_active=False)

    def leads(self) -> Self:
        return self.filter(role=Role.LEAD)


class Membership(Scoped):
    """A person keeps a page. One row a person and place: it is ended, never deleted (erasure excepted)."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        permissions = [
            ("moderate", _("Can check groups' pages and look after who keeps them")),
            ("see_for_link_workers", _("Can see what is for link workers")),
            ("support_groups", _("Can help groups that ask for it")),
        ]
        constraints = [
            models.CheckConstraint(condition=exactly_one_q(), name="membership_of_one_thing"),
            models.UniqueConstraint(fields=["user", "group_uid"], name="one_membership_a_person_and_group"),
            models.UniqueConstraint(
                fields=["user", "organisation"], name="one_membership_a_person_and_organisation"
            ),
            models.UniqueConstraint(
                fields=["group_uid"],
                condition=Q(is_active=True, role=Role.LEAD, group_uid__isnull=False),
                name="one_lead_a_group",
            ),
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(is_active=True, role=Role.LEAD, organisation__isnull=False),
                name="one_lead_an_organisation",
            ),
        ]


class InvitationQuerySet(ScopedQuerySet):
    def open(self) -> Self:
        """Neither accepted nor taken back; maybe expired."""
        return self.filter(accepted_at__isnull=True, taken_back_at__isnull=True)

    def by_key(self, key: str) -> Self:
        """The one whose e-mail held this key, if any."""
        try:
            return self.filter(uid=_INVITATION_KEYS.unsign(key))
        except BadSignature:
            return self.none()

    def valid(self) -> Self:
        return self.open().filter(sent_at__gt=timezone.now() - Invitation.VALIDITY)


class Invitation(Scoped):
    """One e-mail address is asked to keep a page.

    Its `key` is in the e-mail alone: whoever invites must not be able to accept in somebody else's name. `uid` names it on pages.
    """

    VALIDITY = timedelta(days=14)

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = EmailNameField()
    role = models.CharField(max_length=10, choices=Role, default=Role.EDITOR)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    sent_at = models.DateTimeField(default=timezone.now)
    accepted_at = models.DateTimeField(null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["sent_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=exactly_one_q(), name="invitation_to_one_thing"),
            models.UniqueConstraint(
                fields=["email", "group_uid"],
                condition=Q(accepted_at__isnull=True, taken_back_at__isnull=True),
                name="one_open_invitation_an_address_and_group",
            ),
            models.UniqueConstraint(
                fields=["email", "organisation"],
                condition=Q(accepted_at__isnull=True, taken_back_at__isnull=True),
                name="one_open_invitation_an_address_and_organisation",
            ),
        ]

    @property
    def key(self) -> str:
        return _INVITATION_KEYS.sign(str(self.uid))

    @property
    def expires_at(self) -> datetime:
        return self.sent_at + self.VALIDITY

    @property
    def is_valid(self) -> bool:
        return not self.accepted_at and not self.taken_back_at and timezone.now() < self.expires_at


class ClaimState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")


class ClaimQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        return self.filter(state=ClaimState.WAITING)


class Claim(models.Model):
    """A person says that a listing is theirs to keep. Staff decide."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    group_uid = models.UUIDField(db_index=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="claims")
    evidence = models.CharField(_("how staff can tell that you belong to the group"), max_length=300)
    state = models.CharField(max_length=10, choices=ClaimState, default=ClaimState.WAITING)
    made_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(_("why not"), max_length=300, blank=True)

    objects = ClaimQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("claim")
        ordering = ["made_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "group_uid"],
                condition=Q(state=ClaimState.WAITING),
                name="one_waiting_claim_a_person_and_group",
            )
        ]

    @property
    def scope(self) -> Scope:
        return Scope(group_uid=self.group_uid)


class What(models.TextChoices):
    """What happened to who keeps a page, said of `person` by `by`."""

    INVITED = "invited", _("Invited somebody")
    SENT_AGAIN = "sent_again", _("Sent an invitation again")
    TOOK_BACK = "took_back", _("Took an invitation back")
    JOINED = "joined", _("Joined")
    REMOVED = "removed", _("Removed")
    LEFT = "left", _("Left")
    LEADS = "leads", _("Became the lead")
    CLAIMED = "claimed", _("Asked to keep the page")
    REFUSED = "refused", _("Was refused")
    RETURNED = "returned", _("Is out: nobody had checked the page")


class MembershipHistory(Scoped):
    """Who did what about the people of a page, and when."""

    what = models.CharField(max_length=15, choices=What)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[ScopedQuerySet] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=exactly_one_q(), name="history_of_one_thing")]
