"""An account goes, by its owner or by staff: its address and name are nowhere, and what was done was done by "a former member".

`connect` hangs this on the deletion itself, so that it holds whoever deletes an account, and from where.
"""

import re
from html import escape

from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.signals import post_delete, pre_delete
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry

from groups.leaving.words import erase_address_everywhere
from groups.mail.models import QueuedMail
from groups.people.erasing import forget_address
from groups.people.membership.verbs import leave_everything
from groups.people.models import FORMER_MEMBER, User
from groups.people.signing_in.models import SignInRequest


class CannotDelete(ValidationError):  # noqa: N818 (said to people)
    """The message says what to do instead."""


@transaction.atomic
def delete_account(user: User) -> None:
    """Delete a person's account, at their own wish. Groups they led wait for a lead in staff's worklist.

    Raises:
        CannotDelete: they run this site; another admin has to do it.
    """
    if user.is_superuser:
        raise CannotDelete(_("You run this site. Ask another admin to delete your account."))
    user.delete()


def former_member() -> User:
    """Who stands in histories for everybody who went. Nobody can sign in as them."""
    user, _made = User.objects.get_or_create(
        email=FORMER_MEMBER,
        defaults={"first_name": _("A former member"), "is_active": False, "password": "!"},
    )
    return user


def connect() -> None:
    pre_delete.connect(_before, sender=User, dispatch_uid="waymark_nameless")
    post_delete.connect(_after, sender=User, dispatch_uid="waymark_forget_address")


def _before(sender: type[User], instance: User, **kwargs: object) -> None:
    if instance.email != FORMER_MEMBER:
        leave_everything(instance)
        asked = SignInRequest.objects.to_move(instance).values("email")
        QueuedMail.objects.filter(template="new_address", to__in=asked).delete()
        leave_history_nameless(instance)


def _after(sender: type[User], instance: User, **kwargs: object) -> None:
    forget_address(instance.email)
    erase_address_everywhere(instance.email)
    _forget_name(instance)
    _forget_sessions(instance)


def leave_history_nameless(user: User) -> None:
    """What this person did stays, done by "a former member". Rows that go with the account are left to go."""
    other = former_member()
    for relation in User._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel) or relation.on_delete is models.CASCADE:
            continue
        rows = relation.related_model._base_manager.filter(**{relation.field.name: user})
        rows.update(**{relation.field.name: other})


def _forget_name(user: User) -> None:
    entries = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(User), object_id=str(user.pk)
    )
    entries.update(label=_("A former member"), data={})
    name = user.get_full_name()
    if not name:
        return
    for mail in QueuedMail.objects.filter(
        models.Q(subject__contains=name)
        | models.Q(text__contains=name)
        | models.Q(html__contains=escape(name))
    ):
        for field in ("subject", "text", "html"):
            word = re.escape(escape(name) if field == "html" else name)
            said = re.sub(rf"(?<!\w){word}(?!\w)", _("A former member"), getattr(mail, field))
            setattr(mail, field, said)
        mail.save(update_fields=["subject", "text", "html"])


def _forget_sessions(user: User) -> None:
    """Sessions of this person, and those in which they asked for a link."""
    for session in Session.objects.iterator(200):
        held = session.get_decoded()
        if held.get("_auth_user_id") == str(user.pk) or user.email in str(held):
            session.delete()
