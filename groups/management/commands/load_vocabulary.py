"""``load_vocabulary``: needs, activities, circumstances, languages and help panels, as the house ships them."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from groups.vocabulary import loading


class Command(BaseCommand):
    help = "Add the shipped needs, activities and phrases. What staff changed stays as it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--reset", action="store_true", help="Also put shipped words back where staff changed them."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = loading.load(reset=options["reset"])
        except loading.VocabularyFileError as error:
            raise CommandError(str(error)) from error
        if options["verbosity"] == 0:
            return
        added = ", ".join(f"{count} {name}" for name, count in loaded.added.items() if count)
        if added:
            self.stdout.write(_("Vocabulary: added %(added)s.") % {"added": added})
        else:
            self.stdout.write(_("Vocabulary: everything is here already."))
