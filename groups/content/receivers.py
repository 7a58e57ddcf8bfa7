"""What every page says of the site is remembered by each process, until one of these changes."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from wagtail.models import Site
from wagtail.signals import post_page_move

from groups.content.models import AreaSettings, GuideIndexPage, HomePage
from groups.listings.changes import site_changed


def connect() -> None:
    """Called once, when the app is ready."""
    for model in (Site, AreaSettings, HomePage, GuideIndexPage):
        for signal in (post_save, post_delete):
            signal.connect(_changed, sender=model, dispatch_uid=f"waymark_site_{model.__name__}")
    post_page_move.connect(_changed, dispatch_uid="waymark_site_moved")


def _changed(**kwargs: Any) -> None:
    if not kwargs.get("raw"):  # loading a fixture: its counter comes with it
        site_changed()
