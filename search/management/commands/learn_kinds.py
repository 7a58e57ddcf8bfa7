"""Learn the kinds of help anew: after their sayings have changed, or for another language model."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from search.management.progress import progress_line
from search.meaning.model import model
from search.understanding import kinds


class Command(BaseCommand):
    help = "Work out the vectors of the kinds of help for the language model in use. Takes two minutes or so."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--to", type=Path, help="The file to write (this site's own, if not given).")

    def handle(self, *args, **options) -> None:
        opened = model()
        if opened is None:
            raise CommandError("No language model is installed. To install it: make meaning")
        kinds.learn(opened, options["to"] or kinds.kept(), progress_line(sys.stderr, "Kinds of help"))
        self.stdout.write(self.style.SUCCESS("Learnt."))
