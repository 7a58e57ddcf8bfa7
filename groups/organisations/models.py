"""Who runs groups."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from groups.listings.shared import SharedByListings


class Organisation(SharedByListings):
    """A body that runs one or more groups: a charity, a club, two neighbours with a kettle."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200)
    about = models.TextField(_("about"), blank=True, help_text=_("One to three sentences."))
    website = models.URLField(_("website"), blank=True)
    charity_number = models.CharField(_("charity number"), max_length=20, blank=True)
    company_number = models.CharField(_("company number"), max_length=20, blank=True)

    panels = [
        FieldPanel("name"),
        FieldPanel("about"),
        FieldPanel("website"),
        FieldPanel("charity_number"),
        FieldPanel("company_number"),
    ]

    class Meta:
        ordering = ["name"]
        verbose_name = _("organisation")

    def __str__(self) -> str:
        return self.name

    def listings_using(self):
        return self.groups.values_list("translation_key", flat=True)
