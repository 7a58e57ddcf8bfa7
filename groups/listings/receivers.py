"""Wagtail's own events that change what the public may find. Each receiver only calls the door."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.signals import page_published, page_unpublished, post_page_move

from groups.editing.models import Proposal, SeenLater, Trust
from groups.listings import shared
from groups.listings.changes import listing_changed, vocabulary_changed
from groups.listings.facts import ClosureRecord, DateChangeRecord, FactHistory, GroupFacts
from groups.listings.models import GroupPage
from groups.listings.provenance import SourceRecord
from groups.places.models import TermDates
from groups.problems.models import Problem
from groups.reviews.models import ReviewStep
from groups.vocabulary.models import FalseFriend, HelpPanel, NeedActivity, Term

_OF_A_GROUP: tuple[Any, ...] = (
    GroupFacts, FactHistory, DateChangeRecord, ClosureRecord, SourceRecord, Trust, SeenLater, Proposal, Problem,
    ReviewStep,
)  # fmt: skip
"""What is kept beside a group's page, by its public id."""


def _groups_under(page: Page) -> None:
    uids = GroupPage.objects.descendant_of(page, inclusive=True).values_list("translation_key", flat=True)
    listing_changed(*uids)


def _restriction_changed(sender, instance: PageViewRestriction, **kwargs) -> None:
    _groups_under(instance.page)


def _moved(sender, instance: Page, **kwargs) -> None:
    _groups_under(instance)


def _came_or_went(sender, instance: Page, **kwargs) -> None:
    """Timed and bulk unpublishing save the bare `Page`, which does not know that it is a group."""
    if issubclass(sender, GroupPage):
        listing_changed(instance.translation_key)


def _site_changed(sender, instance: Site, **kwargs) -> None:
    Site.clear_site_root_paths_cache()  # Wagtail's own receiver may come after this one
    _groups_under(instance.root_page)


def _terms_changed(sender, **kwargs) -> None:
    in_term = GroupPage.objects.filter(sessions__term_time_only=True).values_list(
        "translation_key", flat=True
    )
    listing_changed(*in_term.distinct())


def _group_deleted(sender, instance: GroupPage, **kwargs) -> None:
    """Today's facts and provenance go with the last page of a group, and so does its place in the index."""
    uid = instance.translation_key
    if not GroupPage.objects.filter(translation_key=uid).exists():
        for model in _OF_A_GROUP:
            model.objects.filter(group_uid=uid).delete()
    listing_changed(uid)


def _words_changed(sender, **kwargs) -> None:
    if sender in (FalseFriend, HelpPanel, NeedActivity):
        vocabulary_changed(set())


def _term_deleted(sender, instance, **kwargs) -> None:
    if isinstance(instance, Term):
        vocabulary_changed(set(instance.said))


def connect() -> None:
    shared.connect()
    for signal in (post_save, post_delete):
        signal.connect(
            _restriction_changed, sender=PageViewRestriction, dispatch_uid=f"waymark.restriction.{id(signal)}"
        )
        signal.connect(_words_changed, dispatch_uid=f"waymark.words.{id(signal)}")
        signal.connect(_terms_changed, sender=TermDates, dispatch_uid=f"waymark.terms.{id(signal)}")
        signal.connect(_site_changed, sender=Site, dispatch_uid=f"waymark.site.{id(signal)}")
    post_delete.connect(_term_deleted, dispatch_uid="waymark.term")
    page_published.connect(_came_or_went, dispatch_uid="waymark.published")
    page_unpublished.connect(_came_or_went, dispatch_uid="waymark.unpublished")
    post_page_move.connect(_moved, dispatch_uid="waymark.moved")
    post_delete.connect(_group_deleted, sender=GroupPage, dispatch_uid="waymark.deleted")
