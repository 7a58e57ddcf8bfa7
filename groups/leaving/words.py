"""Taking an e-mail address out of everything anybody wrote: pages, older versions, histories, logs."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from wagtail.models import Revision

from groups.listings import changes
from groups.listings.blotting import Blotter
from groups.listings.models import Contact, GroupPage

_APPS = ("groups", "wagtailcore", "wagtailadmin", "wagtailimages", "wagtaildocs", "wagtailredirects")
"""Indexes follow by the door; sessions and sign-in have their own ways (`groups.leaving.people`)."""
_WRITTEN = models.CharField | models.TextField | models.JSONField


def erase_address_everywhere(address: str) -> None:
    """A contact that is this address goes; in any other text it is blotted out. In the caller's transaction."""
    blotter = Blotter({address})
    with changes.together():
        contacts = Contact.objects.filter(value__iexact=address)
        uids = set(contacts.values_list("page__translation_key", flat=True))
        contacts.delete()
        _drop_contact(address)
        for model in _models():
            uids |= _blot(model, address, blotter)
        for uid in uids:
            changes.erase_texts(uid, {address})
        changes.listing_changed(*uids)


def _models() -> list[type[models.Model]]:
    return [
        model for app in _APPS for model in apps.get_app_config(app).get_models() if not model._meta.proxy
    ]


def _fields(model: type[models.Model]) -> list[str]:
    """Columns that hold what people wrote. An e-mail column is somebody's address, and goes with its row."""
    return [
        field.name
        for field in model._meta.local_concrete_fields
        if isinstance(field, _WRITTEN)
        and not isinstance(field, models.EmailField)
        and not field.choices
        and not field.unique
    ]


def _blot(model: type[models.Model], address: str, blotter: Blotter) -> set[UUID]:
    """Returns the public ids of groups whose page changed."""
    fields = _fields(model)
    if not fields:
        return set()
    rows: Any = model._base_manager.annotate(**{f"{name}_text": Cast(name, TextField()) for name in fields})
    holds = Q()
    for name in fields:
        holds |= Q(**{f"{name}_text__icontains": address})
    pks = list(rows.filter(holds).values_list("pk", flat=True))
    if not pks:
        return set()
    found = model._base_manager.filter(pk__in=pks)
    blotter.rows(found, *fields)
    if issubclass(model, GroupPage):
        return set(found.values_list("translation_key", flat=True))
    if any(field.name == "page" for field in model._meta.local_concrete_fields):
        pages = GroupPage.objects.filter(pk__in=found.values("page"))
        return set(pages.values_list("translation_key", flat=True))
    return set()


def erase_contact(address: str, pages: Iterable[GroupPage]) -> None:
    """These pages and their versions no longer have this e-mail address among their contacts. Their words stay."""
    pages = list(pages)
    with changes.together():
        contacts = Contact.objects.filter(page__in=pages, value__iexact=address)
        uids = set(contacts.values_list("page__translation_key", flat=True))
        contacts.delete()
        group_type = ContentType.objects.get_for_model(GroupPage)
        _drop_contact(address, content_type=group_type, object_id__in=[str(page.pk) for page in pages])
        changes.listing_changed(*uids)


def _drop_contact(address: str, **versions: Any) -> None:
    as_text = Revision.objects.filter(**versions).annotate(text=Cast("content", TextField()))
    for revision in as_text.filter(text__icontains=address).iterator(100):
        contacts = revision.content.get("contacts")
        if contacts:
            kept = [row for row in contacts if row["value"].strip().lower() != address]
            Revision.objects.filter(pk=revision.pk).update(content={**revision.content, "contacts": kept})
