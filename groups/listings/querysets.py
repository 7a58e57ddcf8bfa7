"""The language of listings: adjectives filter, `with_*` adds."""

from collections.abc import Iterable
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from wagtail.models import PageManager
from wagtail.query import PageQuerySet

from groups.listings.choices import LocationVisibility, Status
from groups.listings.freshness import Freshness, due_before, overdue_before


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

    def with_facts(self) -> QuerySet:
        """Today's facts on each row: `status_now`, `visibility_now`, `confirmed_at` and `source_date`, by subqueries."""
        from groups.listings.facts import GroupFacts
        from groups.listings.provenance import SourceRecord

        facts = GroupFacts.objects.filter(group_uid=OuterRef("translation_key"))
        sources = SourceRecord.objects.filter(
            group_uid=OuterRef("translation_key"), source_date__isnull=False
        )
        return self.annotate(
            status_now=Coalesce(Subquery(facts.values("status")), Value(str(Status.OPEN))),
            visibility_now=Coalesce(
                Subquery(facts.values("location_visibility")), Value(str(LocationVisibility.PUBLIC))
            ),
            confirmed_at=Subquery(facts.values("last_confirmed_at")),
            source_date=Subquery(sources.order_by("-source_date").values("source_date")[:1]),
        )

    def checked_before(self, day: date) -> QuerySet:
        """Groups whose clock (`PublicListing.checked_on`) started before this day. It needs `with_facts`."""
        return self.filter(self.checked_before_q(day))

    @staticmethod
    def checked_before_q(day: date) -> Q:
        morning = timezone.make_aware(datetime.combine(day, time()))
        return (
            Q(confirmed_at__lt=morning)
            | Q(confirmed_at__isnull=True, source_date__lt=day)
            | Q(confirmed_at__isnull=True, source_date__isnull=True, first_published_at__lt=morning)
        )

    @staticmethod
    def checked_since_q(day: date) -> Q:
        """The opposite, spelt out: a NOT would drop rows in which one of the dates is unknown."""
        morning = timezone.make_aware(datetime.combine(day, time()))
        return (
            Q(confirmed_at__gte=morning)
            | Q(confirmed_at__isnull=True, source_date__gte=day)
            | Q(confirmed_at__isnull=True, source_date__isnull=True, first_published_at__gte=morning)
            | Q(confirmed_at__isnull=True, source_date__isnull=True, first_published_at__isnull=True)
        )

    def in_state(self, state: Freshness, today: date) -> QuerySet:
        """Groups whose check is in this state, as `groups.listings.freshness` says. It needs `with_facts`."""
        if state == Freshness.OVERDUE:
            return self.checked_before(overdue_before(today))
        due_morning = timezone.make_aware(datetime.combine(due_before(today), time()))
        if state == Freshness.CHECKED:
            return self.filter(confirmed_at__gte=due_morning)
        not_checked = Q(confirmed_at__isnull=True) | Q(confirmed_at__lt=due_morning)
        return self.filter(self.checked_since_q(overdue_before(today)), not_checked)

    def never_checked(self) -> QuerySet:
        return self.filter(confirmed_at__isnull=True)


GroupPageManager = PageManager.from_queryset(GroupPageQuerySet)
