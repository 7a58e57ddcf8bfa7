"""Where a listing came from: one record for each source that lists it."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SourceRecord(models.Model):
    """A row of somebody else's list that became, or matches, a group here.

    `values` are the fields as last imported; an import changes a field only where it still equals them.
    """

    group_uid = models.UUIDField(db_index=True)
    source = models.CharField(_("source"), max_length=100)
    ref = models.CharField(_("its id there"), max_length=200)
    source_name = models.CharField(_("name people read"), max_length=200)
    licence = models.CharField(max_length=200, blank=True)
    url = models.URLField(blank=True, max_length=500)
    values = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64, blank=True)
    source_date = models.DateField(_("as of"), null=True, blank=True)
    imported_at = models.DateTimeField(default=timezone.now)
    gone_at = models.DateTimeField(_("no longer listed there since"), null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["source", "ref"]
        verbose_name = _("source record")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "ref"],
                name="one_record_a_source_and_ref",
                violation_error_message=_("This row of this source is here already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.source_name} {self.ref}"
