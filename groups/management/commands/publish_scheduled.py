"""``publish_scheduled``: Wagtail's own, in one transaction, so that pages and indexes are never apart."""

from typing import Any

from wagtail.management.commands.publish_scheduled import Command as WagtailCommand

from groups.listings import changes


class Command(WagtailCommand):
    def handle(self, *args: Any, **options: Any) -> None:
        with changes.together():
            super().handle(*args, **options)
