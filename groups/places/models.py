"""Places where groups meet and that anyone may know: halls, libraries, parks.

A place that is not public is never a Venue: it belongs to its group alone (`model.md`, "Venues and private places").
"""

import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel

from groups.listings.choices import AccessFeature, Answer
from groups.listings.shared import SharedByListings
from groups.places.geo_widget import SafeGeoPanel, point_text, read_point

POSITION_DECIMALS = 5  # about a metre; every engine rounds alike


class AccessAnswerFields(models.Model):
    """One answer about access, with room to explain."""

    feature = models.CharField(_("what"), max_length=30, choices=AccessFeature)
    answer = models.CharField(_("answer"), max_length=10, choices=Answer, default=Answer.UNKNOWN)
    detail = models.CharField(_("tell people more"), max_length=250, blank=True)

    panels = [FieldPanel("feature"), FieldPanel("answer"), FieldPanel("detail")]

    class Meta:
        abstract = True


class Venue(SharedByListings, ClusterableModel):
    """A public place, shared by groups. Pages show it as it is today; it is no part of a group's revision."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200)
    address = models.CharField(_("street address"), max_length=250, blank=True)
    town = models.CharField(_("town or village"), max_length=100, blank=True)
    postcode = models.CharField(_("postcode"), max_length=10, blank=True)
    district = models.CharField(_("council area"), max_length=100, blank=True, editable=False)
    location = models.CharField(
        _("place on the map"),
        max_length=100,
        blank=True,
        help_text=_("Press the map, or drag the pin, to show the door people use."),
    )
    latitude = models.FloatField(null=True, blank=True, editable=False)
    longitude = models.FloatField(null=True, blank=True, editable=False)
    getting_here = models.CharField(_("getting here"), max_length=300, blank=True)

    panels = [
        MultiFieldPanel(
            [FieldPanel("name"), FieldPanel("address"), FieldPanel("town"), FieldPanel("postcode")],
            heading=_("Where it is"),
        ),
        SafeGeoPanel("location"),
        FieldPanel("getting_here"),
        InlinePanel("access_answers", heading=_("Access"), label=_("Answer")),
    ]

    class Meta:
        ordering = ["name"]
        verbose_name = _("venue")

    def __str__(self) -> str:
        return f"{self.name}, {self.town}" if self.town else self.name

    def clean(self) -> None:
        """Fill the position from the map, or else from the postcode.

        Raises:
            ValidationError: the map's point cannot be read, or the postcode is not known and no point was set.
        """
        super().clean()
        if self.postcode:
            self._clean_postcode()
        if self.location:
            try:
                self.latitude, self.longitude = read_point(self.location)
            except ValueError as error:
                raise ValidationError({"location": str(error)}) from error
            self.location = point_text(self.latitude, self.longitude)

    def _clean_postcode(self) -> None:
        from groups.places.gazetteer import PlaceNotFound, postcode_position

        try:
            spot = postcode_position(self.postcode)
        except PlaceNotFound:
            spot = None
        if spot is None:
            if not self.location:
                raise ValidationError(
                    {"postcode": _("We do not know this postcode. Check it, or press the place on the map.")}
                )
            return
        self.postcode, self.district = spot.label, spot.district
        if not self.location:
            self.location = point_text(spot.latitude, spot.longitude)

    def listings_using(self):
        from groups.listings.models import GroupPage

        return GroupPage.objects.meeting_at(self).values_list("translation_key", flat=True)

    def get_absolute_url(self) -> str:
        return reverse("venue", args=[slugify(self.name) or "venue", self.uid])


class VenueAccess(AccessAnswerFields):
    """A venue's answer; it holds for every group that meets there, unless the group answers differently."""

    venue = ParentalKey(Venue, on_delete=models.CASCADE, related_name="access_answers")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["venue", "feature"],
                name="one_answer_a_venue_and_feature",
                violation_error_message=_("This is answered twice. Keep one answer."),
            )
        ]


class TermDates(models.Model):
    """School terms, as staff enter them. An empty district means everywhere that has none of its own."""

    district = models.CharField(_("council area"), max_length=100, blank=True)
    name = models.CharField(_("name"), max_length=60, help_text=_("Such as Autumn 2026, first half."))
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))

    panels = [FieldPanel("name"), FieldPanel("district"), FieldPanel("first_day"), FieldPanel("last_day")]

    class Meta:
        ordering = ["first_day"]
        verbose_name = _("school term")

    def __str__(self) -> str:
        return f"{self.name} ({self.district})" if self.district else self.name

    def clean(self) -> None:
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValidationError({"last_day": _("The last day comes before the first. Check both dates.")})
