"""Words for staff's own screens."""

from django import template
from django.utils.translation import gettext as _

from groups.listings.freshness import Freshness

register = template.Library()


@register.filter
def freshness_words(state: Freshness | None) -> str:
    """What staff read for a state of freshness; None is a group that nobody ever checked."""
    return {
        None: _("Never checked"),
        Freshness.CHECKED: _("Checked"),
        Freshness.DUE: _("Due a check"),
        Freshness.OVERDUE: _("Overdue"),
    }[state]
