"""The language of listings: adjectives filter, `with_*` adds."""

from uuid import UUID
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from wagtail.models import PageManager
from wagtail.query import PageQuerySet


class GroupPageQuerySet(PageQuerySet):
    def with_uids(self, uids: Iterable[UUID]) -> QuerySet:
        return self.filter(translation_key__in=list(uids))

    def listed(self) -> QuerySet:
        """What the public may find: published, and behind no view restriction."""
        return self.live().public()

    def run_by(self, organisation) -> QuerySet:
        return self.filter(organisation=organisation)

    def meeting_at(self, venue) -> QuerySet:
        """Groups whose live sessions, or whose moved dates, are at this venue."""
        from groups.listings.facts import DateChangeRecord

        moved = DateChangeRecord.objects.filter(venue=venue).values("group_uid")
        return self.filter(Q(sessions__venue=venue) | Q(translation_key__in=moved)).distinct()

    def using_term(self, term) -> QuerySet:
        """Groups that carry this need, activity, circumstance or language, stated or suggested."""
        name = term._meta.model_name
        if name == "activity":
            return self.filter(Q(activities=term) | Q(suggested_activities=term)).distinct()
        if name == "need":
            return self.filter(Q(needs=term) | Q(suggested_needs=term)).distinct()
        return self.filter(**{f"{name}s": term}).distinct()

    def claimed_by_nobody(self) -> QuerySet:
        return self.filter(owner__isnull=True)


GroupPageManager = PageManager.from_queryset(GroupPageQuerySet)
