"""Everything held about one person, as plain values that a person can read.

Every table that refers to an account is in it by itself, and so are those that hold its address: a new one needs no line here,
save where it holds a secret.
"""

from typing import Any
from uuid import UUID

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from groups.listings.models import Contact, GroupPage
from groups.mail.models import QueuedMail
from groups.people.membership.models import Invitation
from groups.people.models import User
from groups.people.signing_in.models import SignInRequest
from groups.people.signing_in.second_step import has_second_step
from groups.problems.models import Problem

_LEFT_OUT: dict[str, set[str]] = {
    "groups.signinrequest": {"link_hash", "code_hash", "wrong_codes"},
    "groups.queuedmail": {"html", "message_id", "template", "next_try_at", "attempts"},
    "groups.invitation": {"email"},
    "groups.groupfacts": {
        "status",
        "closed_on",
        "capacity",
        "capacity_on",
        "capacity_note",
        "stage",
        "stage_note",
    },
    "otp_totp.totpdevice": {"key", "drift", "last_t", "step", "t0", "digits", "tolerance"},
    "wagtailcore.revision": {"content"},
    "wagtailcore.apitoken": {"key_hash", "prefix"},
}
"""What opens an account, other people's addresses, and what is not about the person. A version's content is the group's."""
_WITH_SECRETS = ("sign_in", "new_address")
"""E-mails whose words sign somebody in."""
_BY_ADDRESS: tuple[tuple[type[models.Model], str], ...] = (
    (Invitation, "email"), (SignInRequest, "email"), (QueuedMail, "to"), (Problem, "email"), (Contact, "value"),
)  # fmt: skip

_HEADINGS: dict[tuple[str, str], Any] = {
    ("groups.membership", "user"): _("Pages you keep or kept"),
    ("groups.membershiphistory", "by"): _("What you did about who keeps a page"),
    ("groups.membershiphistory", "person"): _("What happened to you about keeping a page"),
    ("groups.invitation", "invited_by"): _("Invitations you sent"),
    ("groups.invitation", "email"): _("Invitations sent to you"),
    ("groups.claim", "user"): _("Pages you asked to keep"),
    ("groups.facthistory", "by"): _("What you changed that showed at once"),
    ("groups.groupfacts", "confirmed_by_user"): _("Pages you checked last"),
    ("groups.proposal", "by"): _("What you proposed"),
    ("groups.seenlater", "by"): _("Changes of yours that our staff looked at later"),
    ("groups.problem", "email"): _("Problems you reported"),
    ("groups.problemstep", "by"): _("What you did about reported problems"),
    ("groups.queuedmail", "to"): _("E-mails to you"),
    ("groups.signinrequest", "email"): _("Times you asked to sign in"),
    ("groups.signinrequest", "new_address_of"): _("New addresses you asked for"),
    ("groups.contact", "value"): _("Where your address stands on a page"),
    ("wagtailcore.revision", "user"): _("Versions of pages you wrote"),
    ("wagtailcore.pagelogentry", "user"): _("Notes of what you did to pages"),
    ("wagtailcore.workflowstate", "requested_by"): _("What you sent for checking"),
}
"""Of the tables most people are in; any other is headed by its own name."""

Row = dict[str, Any]


def everything_about(user: User) -> dict[str, Any]:
    """What is held, by its name: first the account, then each table with rows of theirs."""
    told: dict[str, Any] = {gettext("Account"): _account(user)}
    names = _Names()
    for relation in User._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel) and not relation.related_model._meta.auto_created:
            rows = relation.related_model._base_manager.filter(**{relation.field.name: user})
            _add(told, rows, names, relation.field.name)
    for model, column in _BY_ADDRESS:
        rows = model._base_manager.filter(**{f"{column}__iexact": user.email})
        _add(told, rows, names, column)
    return told


def _account(user: User) -> Row:
    return {
        gettext("Name"): user.get_full_name(),
        gettext("E-mail"): user.email,
        gettext("Account since"): user.date_joined,
        gettext("Signed in last"): user.last_login,
        gettext("Has a password"): user.has_usable_password(),
        gettext("Has a second step"): has_second_step(user),
        gettext("Roles"): [group.name for group in user.groups.all()],
    }


def _add(told: dict[str, Any], rows: models.QuerySet, names: "_Names", column: str) -> None:
    found = [_row(row, names) for row in rows.order_by("pk")]
    if found:
        meta = rows.model._meta
        own = f"{capfirst(str(meta.verbose_name_plural))} ({meta.get_field(column).verbose_name})"
        told[str(_HEADINGS.get((meta.label_lower, column), own))] = found


def _row(row: models.Model, names: "_Names") -> Row:
    left_out = _LEFT_OUT.get(row._meta.label_lower, set())
    told = {}
    for field in row._meta.concrete_fields:
        value = field.value_from_object(row)
        if field.name in left_out or field.primary_key or field.name == "uid" or value in (None, "", [], {}):
            continue
        if field.name == "group_uid":
            told[gettext("Group")] = names.of(value)
        elif field.is_relation:
            continue
        elif field.choices:
            told[capfirst(str(field.verbose_name))] = str(dict(field.flatchoices).get(value, value))
        else:
            told[capfirst(str(field.verbose_name))] = value
    if isinstance(row, QueuedMail) and row.template in _WITH_SECRETS:
        told.pop(capfirst(str(row._meta.get_field("text").verbose_name)), None)
    return told


class _Names:
    """Groups' names, each looked up once."""

    def __init__(self) -> None:
        self._known: dict[UUID, str] = {}

    def of(self, uid: UUID) -> str:
        if uid not in self._known:
            group = GroupPage.objects.filter(translation_key=uid).values_list("title", flat=True).first()
            self._known[uid] = group or str(uid)
        return self._known[uid]
