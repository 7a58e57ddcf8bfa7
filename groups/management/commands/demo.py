"""``demo``: a fictional but believable district to try the site with."""

import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from groups.bulk import renew_wagtails_indexes, without_wagtails_indexes
from groups.demo import site
from groups.demo.listings import add_listings
from groups.demo.people import PASSWORD
from groups.places.gazetteer import PlaceNotFound, resolve


class Command(BaseCommand):
    help = "Load the fictional groups around Chelmsford and Brighton. Safe to run again: what is here stays."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.WAYMARK_DEMO:
            raise CommandError(
                _(
                    "This is not a demo site, and the demo's password is no secret. Set WAYMARK_DEMO=True to load it."
                )
            )
        try:
            resolve("Chelmsford")
        except PlaceNotFound as error:
            raise CommandError(_("Load postcodes and places first: load_postcodes, load_places.")) from error
        started = time.monotonic()
        tell = self.stdout.write if options["verbosity"] else _say_nothing
        call_command("load_vocabulary", verbosity=0)
        with without_wagtails_indexes():
            with transaction.atomic():
                index = site.build_site()
                first = site.first_day(index)
                site.add_school_terms(first)
                people = site.add_people()
            added = add_listings(index, first, tell)
        if not added:
            tell(_("The demo is here already. Its first day was %(day)s.") % {"day": first})
        else:
            renew_wagtails_indexes()
            seconds = f"{time.monotonic() - started:.0f}"
            tell(_("Loaded the demo in %(seconds)s seconds.") % {"seconds": seconds})
        tell(
            _("Sign in at /sign-in/ by pressing a name, or with the password: %(password)s")
            % {"password": PASSWORD}
        )
        for person in people:
            tell(f"  {person.email:<26} {person.role}")


def _say_nothing(_line: str) -> None:
    """With --verbosity 0."""
