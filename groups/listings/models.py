"""A group's page (words, drafted) and its rows. What is true today lives beside it, in `groups.listings.facts`.

Rules of this module are those of `model.md`: flat rows with a `uid`, parental relations only, references nullable.
"""

from decimal import Decimal
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from taggit.models import ItemBase, TagBase
from wagtail.admin.panels import FieldPanel
from wagtail.models import COMMENTS_RELATION_NAME, Page

from groups.listings import changes, panels
from groups.listings.choices import (
    Answer,
    ContactKind,
    ContactVisibility,
    Cost,
    FrequencyChoice,
    Gender,
    Joining,
    Mode,
    Served,
    Weekday,
    WeekOfMonth,
)
from groups.listings.forms import GroupPageForm
from groups.listings.querysets import GroupPageManager
from groups.places.models import AccessAnswerFields
from groups.rows import CommaListField, PageRow, number_new_rows
from groups.schedule.rules import Frequency, Rule
from groups.serving import ServedByPortal

MAX_AGE = 120


class GroupIndexPage(ServedByPortal, Page):
    """Where a place's groups live in the page tree. A site may have several."""

    introduction = models.TextField(_("introduction"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    parent_page_types: ClassVar = ["groups.HomePage", "wagtailcore.Page"]
    subpage_types: ClassVar = ["groups.GroupPage"]

    class Meta:
        verbose_name = _("groups of a place")
        verbose_name_plural = _("groups of places")

    def save(self, *args, **kwargs):
        """Save; a new address is a new address of every group below, in the same transaction.

        Wagtail's own signal for it comes after the commit, where a crash would lose it.
        """
        with transaction.atomic(), changes.together():
            before = Page.objects.filter(pk=self.pk).values_list("url_path", flat=True).first()
            result = super().save(*args, **kwargs)
            if before not in (None, self.url_path):
                changes.listing_changed(*self.uids_below())
        return result

    def uids_below(self):
        """Public ids of the groups kept here."""
        return GroupPage.objects.descendant_of(self).values_list("translation_key", flat=True)


class GroupTag(TagBase):
    """A free word on a listing. Staff merge them."""

    free_tagging = True

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")


class TaggedGroup(ItemBase):
    tag = models.ForeignKey(GroupTag, related_name="tagged_groups", on_delete=models.CASCADE)
    content_object = ParentalKey("groups.GroupPage", on_delete=models.CASCADE, related_name="tagged_items")


# What Wagtail notes on the page when only a draft of it is saved: nothing that the public may know.
_OF_DRAFTS = frozenset(
    {
        COMMENTS_RELATION_NAME,
        "draft_title",
        "has_unpublished_changes",
        "latest_revision",
        "latest_revision_created_at",
    }
)


class GroupPage(ServedByPortal, Page):
    """A group's words and standing facts.

    `translation_key` is the group's public id: Wagtail keeps it through revisions and translations.
    """

    # What it is
    summary = models.CharField(
        _("in one sentence"), max_length=200, help_text=_("What you do, and who for. Up to 200 letters.")
    )
    description = models.TextField(
        _("about the group"),
        blank=True,
        help_text=_("Plain words. Leave an empty line between paragraphs. Start a line with - for a list."),
    )
    organisation = models.ForeignKey(
        "groups.Organisation",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="groups",
        verbose_name=_("who runs it"),
    )
    activities = ParentalManyToManyField(
        "groups.Activity", blank=True, related_name="groups", verbose_name=_("what you do")
    )
    needs = ParentalManyToManyField(
        "groups.Need", blank=True, related_name="groups", verbose_name=_("what it helps with")
    )
    suggested_activities = ParentalManyToManyField(
        "groups.Activity",
        blank=True,
        related_name="suggested_groups",
        verbose_name=_("suggested activities"),
        help_text=_("Read from the words of an imported listing. Nobody has checked them."),
    )
    suggested_needs = ParentalManyToManyField(
        "groups.Need", blank=True, related_name="suggested_groups", verbose_name=_("suggested needs")
    )
    tags = ClusterTaggableManager(through=TaggedGroup, blank=True)

    # Who it is for
    circumstances = ParentalManyToManyField(
        "groups.Circumstance", blank=True, related_name="groups", verbose_name=_("who it is for")
    )
    age_min = models.PositiveSmallIntegerField(
        _("youngest age"), null=True, blank=True, validators=[MaxValueValidator(MAX_AGE)]
    )
    age_max = models.PositiveSmallIntegerField(
        _("oldest age"), null=True, blank=True, validators=[MaxValueValidator(MAX_AGE)]
    )
    gender = models.CharField(_("open to"), max_length=10, choices=Gender, default=Gender.ANYONE)
    languages = ParentalManyToManyField(
        "groups.Language", blank=True, related_name="groups", verbose_name=_("languages spoken")
    )
    children_young_people = models.BooleanField(_("for children or young people"), default=False)
    outdoors_nature = models.BooleanField(_("outdoors or in nature"), default=False)

    # Cost and joining
    cost_kind = models.CharField(_("cost"), max_length=10, choices=Cost, default=Cost.UNKNOWN)
    cost_amount = models.DecimalField(
        _("price in pounds"),
        max_digits=7,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    cost_note = models.CharField(_("more about cost"), max_length=250, blank=True)
    joining_kind = models.CharField(_("how to join"), max_length=15, choices=Joining, default=Joining.UNKNOWN)
    joining_note = models.CharField(_("more about joining"), max_length=250, blank=True)

    # When and where
    times_note = models.TextField(
        _("times in words"), blank=True, help_text=_("What the dates above cannot say. Shown as it stands.")
    )
    area_name = models.CharField(
        _("area people may know"),
        max_length=120,
        blank=True,
        help_text=_("A town, village or suburb. Shown when the exact place is not public."),
    )
    area_latitude = models.FloatField(null=True, blank=True, editable=False)
    area_longitude = models.FloatField(null=True, blank=True, editable=False)
    getting_there = models.CharField(_("getting there"), max_length=300, blank=True)

    # First visit
    first_visit_welcome = models.TextField(_("who meets you"), blank=True)
    bring_someone = models.CharField(
        _("can I bring someone?"), max_length=10, choices=Answer, default=Answer.UNKNOWN
    )
    first_visit_note = models.TextField(_("what else to know"), blank=True)

    # Link workers and safety
    accepts_referrals = models.CharField(
        _("takes people from link workers"), max_length=10, choices=Answer, default=Answer.UNKNOWN
    )
    referral_how = models.CharField(_("how to send someone"), max_length=250, blank=True)
    safeguarding_lead = models.CharField(
        _("named safeguarding lead"), max_length=10, choices=Answer, default=Answer.UNKNOWN
    )
    dbs_note = models.CharField(_("DBS checks"), max_length=250, blank=True)

    objects = GroupPageManager()
    base_form_class = GroupPageForm
    edit_handler = panels.group_page_edit_handler()

    # Wagtail's own index holds the title only: it serves staff. Finding groups is `search`'s.
    search_fields = Page.search_fields

    parent_page_types: ClassVar = ["groups.GroupIndexPage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("group")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(age_min__isnull=True)
                | models.Q(age_max__isnull=True)
                | models.Q(age_min__lte=models.F("age_max")),
                name="youngest_age_is_not_above_oldest",
                violation_error_message=_("The youngest age is above the oldest. Check both."),
            )
        ]

    def clean(self) -> None:
        super().clean()
        if self.age_min is not None and self.age_max is not None and self.age_min > self.age_max:
            raise ValidationError({"age_max": _("The oldest age is below the youngest. Check both.")})
        if self.area_name:
            self._place_the_area()

    def _place_the_area(self) -> None:
        """Distances from a place that is not public are measured from the area's fixed centre (`domain.md`)."""
        from groups.places.gazetteer import Kind, PlaceNotFound, resolve

        try:
            spot = resolve(self.area_name)
        except PlaceNotFound as error:
            raise ValidationError({"area_name": error.message}) from error
        if spot.kind == Kind.POSTCODE:
            raise ValidationError(
                {"area_name": _("A postcode gives the place away. Name a town, village or suburb.")}
            )
        self.area_latitude, self.area_longitude = spot.latitude, spot.longitude

    def save(self, *args, **kwargs):
        """Save; the index follows in the same transaction, once the rows are written."""
        with transaction.atomic(), changes.together():
            for rows in getattr(self, "_cluster_related_objects", {}).values():
                number_new_rows([row for row in rows if isinstance(row, PageRow)])
            result = super().save(*args, **kwargs)
            if not _OF_DRAFTS.issuperset(kwargs.get("update_fields") or {"everything"}):
                changes.listing_changed(self.uid)
        return result

    def publish(self, *args, **kwargs):
        with transaction.atomic(), changes.together():
            return super().publish(*args, **kwargs)

    def unpublish(self, *args, **kwargs):
        with transaction.atomic(), changes.together():
            return super().unpublish(*args, **kwargs)

    def delete(self, *args, **kwargs):
        with transaction.atomic(), changes.together():
            return super().delete(*args, **kwargs)

    @property
    def uid(self):
        """The group's public id (UUID)."""
        return self.translation_key


class GroupSession(PageRow):
    """One way of meeting: when, where and how. A service with no fixed time has one "by arrangement"."""

    page = ParentalKey(GroupPage, on_delete=models.CASCADE, related_name="sessions")
    label = models.CharField(
        _("name"), max_length=100, blank=True, help_text=_("Such as Beginners. May be empty.")
    )
    mode = models.CharField(_("how people take part"), max_length=10, choices=Mode, default=Mode.IN_PERSON)
    frequency = models.CharField(
        _("how often"), max_length=10, choices=FrequencyChoice, default=FrequencyChoice.WEEKLY
    )
    weekdays = CommaListField(_("days"), options=Weekday.choices)
    interval = models.PositiveSmallIntegerField(
        _("every so many weeks or months"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(52)],
    )
    weeks_of_month = CommaListField(_("which week of the month"), options=WeekOfMonth.choices)
    first_date = models.DateField(_("first date"), null=True, blank=True)
    until = models.DateField(_("last date"), null=True, blank=True)
    start = models.TimeField(_("starts"), null=True, blank=True)
    end = models.TimeField(_("ends"), null=True, blank=True)
    term_time_only = models.BooleanField(_("in term time only"), default=False)
    venue = models.ForeignKey(
        "groups.Venue",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="group_sessions",
        verbose_name=_("venue"),
    )
    place_name = models.CharField(
        _("a place that is not public: name"),
        max_length=200,
        blank=True,
        help_text=_("Only organisers and staff see it. Leave empty for a hidden group."),
    )
    place_address = models.CharField(_("its address"), max_length=250, blank=True)
    place_postcode = models.CharField(_("its postcode"), max_length=10, blank=True)

    panels = panels.SESSION_PANELS

    class Meta(PageRow.Meta):
        verbose_name = _("session")

    def __str__(self) -> str:
        from groups.schedule.words import describe

        return describe(self.rule)

    @property
    def rule(self) -> Rule:
        return Rule(
            frequency=Frequency(self.frequency),
            weekdays=tuple(Weekday(day).number for day in self.weekdays),
            interval=self.interval,
            weeks_of_month=tuple(int(week) for week in self.weeks_of_month),
            first_date=self.first_date,
            until=self.until,
            start=self.start,
            end=self.end,
            term_time_only=self.term_time_only,
        )

    def clean(self) -> None:
        super().clean()
        problems = session_problems(self)
        if problems and not self.may_be_incomplete:
            raise ValidationError(problems)


def session_problems(session: GroupSession) -> dict[str, Any]:
    """What a person must put right before this session can be published, by field."""
    problems: dict[str, Any] = {}
    if session.frequency == FrequencyChoice.WEEKLY and not session.weekdays:
        problems["weekdays"] = _("Tick the day, or days, you meet.")
    if session.frequency == FrequencyChoice.MONTHLY:
        if len(session.weekdays) != 1:
            problems["weekdays"] = _("Tick one day, such as Tuesday.")
        if not session.weeks_of_month:
            problems["weeks_of_month"] = _("Tick which week, such as Second or Last.")
    if session.frequency == FrequencyChoice.ONCE and not session.first_date:
        problems["first_date"] = _("Give the date.")
    if session.interval > 1 and not session.first_date:
        problems["first_date"] = _("Give one date you meet, so that we can count from it.")
    if session.first_date and session.until and session.until < session.first_date:
        problems["until"] = _("The last date comes before the first. Check both.")
    if session.end and not session.start:
        problems["start"] = _("Give the time it starts.")
    return problems


class ServedArea(PageRow):
    """Who a group is for by where they live, apart from where it meets."""

    page = ParentalKey(GroupPage, on_delete=models.CASCADE, related_name="served_areas")
    kind = models.CharField(_("area"), max_length=10, choices=Served, default=Served.DISTRICT)
    place = models.CharField(
        _("place or postcode"), max_length=120, blank=True, help_text=_("Such as Great Baddow, or CM1.")
    )
    miles = models.DecimalField(
        _("miles around it"),
        max_digits=5,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.1")), MaxValueValidator(Decimal(500))],
    )
    label = models.CharField(max_length=160, blank=True, editable=False)
    district_code = models.CharField(max_length=12, blank=True, editable=False)
    latitude = models.FloatField(null=True, blank=True, editable=False)
    longitude = models.FloatField(null=True, blank=True, editable=False)

    panels = [panels.UidPanel("uid"), FieldPanel("kind"), FieldPanel("place"), FieldPanel("miles")]

    class Meta(PageRow.Meta):
        verbose_name = _("area served")

    def clean(self) -> None:
        """Resolve the place, so that a search needs no look-up.

        Raises:
            ValidationError: the place is missing or not known, or a radius has no miles.
        """
        from groups.places.gazetteer import PlaceNotFound, resolve

        super().clean()
        if self.kind == Served.COUNTRY:
            self.label, self.district_code, self.latitude, self.longitude = "", "", None, None
            return
        if not self.place:
            if self.may_be_incomplete:
                return
            raise ValidationError({"place": _("Name the place.")})
        try:
            spot = resolve(self.place)
        except PlaceNotFound as error:
            raise ValidationError({"place": error.message}) from error
        if self.kind == Served.RADIUS and not self.miles and not self.may_be_incomplete:
            raise ValidationError({"miles": _("Say how many miles around it.")})
        if self.kind == Served.PLACE and not self.miles:
            self.miles = Decimal(str(spot.radius_miles))
        self.label = spot.district if self.kind == Served.DISTRICT else spot.label
        self.district_code = spot.district_code
        self.latitude, self.longitude = spot.latitude, spot.longitude


class GroupAccess(PageRow, AccessAnswerFields):
    """The group's own answer, which wins over its venue's unless it is "not known"."""

    page = ParentalKey(GroupPage, on_delete=models.CASCADE, related_name="access_answers")

    panels = [panels.UidPanel("uid"), *AccessAnswerFields.panels]

    class Meta(PageRow.Meta):
        verbose_name = _("access answer")


class Contact(PageRow):
    """A way to reach the group, with who may see it."""

    page = ParentalKey(GroupPage, on_delete=models.CASCADE, related_name="contacts")
    kind = models.CharField(_("kind"), max_length=10, choices=ContactKind, default=ContactKind.PHONE)
    value = models.CharField(_("number, address or link"), max_length=250)
    label = models.CharField(
        _("whose it is"), max_length=100, blank=True, help_text=_("Such as The organiser, or Bookings.")
    )
    visibility = models.CharField(
        _("who may see it"), max_length=15, choices=ContactVisibility, default=ContactVisibility.PUBLIC
    )

    panels = [
        panels.UidPanel("uid"),
        FieldPanel("kind"),
        FieldPanel("value"),
        FieldPanel("label"),
        FieldPanel("visibility"),
    ]

    class Meta(PageRow.Meta):
        verbose_name = _("contact")

    def clean(self) -> None:
        from groups.listings.contacts import clean_contact

        super().clean()
        if self.value or not self.may_be_incomplete:
            self.value = clean_contact(self.kind, self.value)


class GroupPhoto(PageRow):
    """A picture, described in words or declared decorative."""

    page = ParentalKey(GroupPage, on_delete=models.CASCADE, related_name="photos")
    image = models.ForeignKey(
        "wagtailimages.Image", null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("photo")
    )
    alt = models.CharField(
        _("what it shows"), max_length=200, blank=True, help_text=_("Say it as you would on the phone.")
    )
    decorative = models.BooleanField(_("it only decorates the page"), default=False)

    panels = [panels.UidPanel("uid"), FieldPanel("image"), FieldPanel("alt"), FieldPanel("decorative")]

    class Meta(PageRow.Meta):
        verbose_name = _("photo")

    def clean(self) -> None:
        super().clean()
        if self.image and not self.alt and not self.decorative and not self.may_be_incomplete:
            raise ValidationError(
                {"alt": _("Say what the photo shows, or tick that it only decorates the page.")}
            )
