from collections.abc import Iterator

from django.utils.translation import gettext as _
from wagtail.admin.widgets.button import Button

from groups.admin.today.views import today_url
from groups.listings.models import GroupPage


def today_button(page, user, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """The way to Today from a group's own screens."""
    if isinstance(page.specific_deferred, GroupPage) and page.permissions_for_user(user).can_edit():
        yield Button(_("Today"), url=today_url(page.translation_key), icon_name="calendar-check", priority=5)
