"""Which moderator looks after which council area."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel

from groups.places.districts import districts


def district_names() -> list[tuple[str, str]]:
    return [(name, name) for name in sorted({district.name for district in districts().values()})]


class ModeratorArea(models.Model):
    """One council area of one moderator. Somebody without any looks after them all. Staff's setting (`docs/my-group.md`)."""

    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        limit_choices_to={"groups__permissions__codename": "moderate"},
        verbose_name=_("moderator"),
    )
    district = models.CharField(_("council area"), max_length=100, choices=district_names)

    wagtail_reference_index_ignore = True

    panels = [
        HelpPanel(
            content=_(
                "This moderator sees and hears of groups here, and of no others. Without any area: of all groups. "
                "A group in an area that nobody has is everybody’s."
            )
        ),
        FieldPanel("moderator"),
        FieldPanel("district"),
    ]

    class Meta:
        verbose_name = _("moderator's area")
        verbose_name_plural = _("moderators' areas")
        ordering = ["district", "moderator"]
        constraints = [
            models.UniqueConstraint(
                fields=["moderator", "district"],
                name="one_row_a_moderator_and_area",
                violation_error_message=_("This moderator has this area already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.district}: {self.moderator}"
