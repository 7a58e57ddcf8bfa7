"""Teach the language model what people mean: after many new sayings of the kinds of help, or for another model."""

import sys
from pathlib import Path

import numpy as np
from django.core.management.base import BaseCommand, CommandError

from search.management.progress import progress_line
from search.meaning import asked
from search.meaning.model import model
from search.meaning.teaching import Lesson, share_found, teach
from search.understanding.kinds import kinds_of_help

_ONE_IN = 5
_FIRST = 5


class Command(BaseCommand):
    help = (
        "Teach the language model in use to read what people ask as what answers it. "
        "Takes a quarter of an hour or so on one free core. Web processes use it after a restart."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--to", type=Path, help="The file to write (this site's own, if not given).")
        parser.add_argument(
            "--try",
            action="store_true",
            dest="trial",
            help="Keep one saying in five and one kind in five back, write nothing, and say how often their kind is found.",
        )

    def handle(self, *args, **options) -> None:
        opened = model()
        if opened is None:
            raise CommandError("No language model is installed. To install it: make meaning")
        kinds = kinds_of_help()
        said = [saying for kind in kinds for saying in kind.say]
        lesson = Lesson(
            said,
            np.repeat(np.arange(len(kinds)), [len(kind.say) for kind in kinds]),
            opened.encode([text for kind in kinds for text in (kind.name, *kind.listing)]),
            np.repeat(np.arange(len(kinds)), [1 + len(kind.listing) for kind in kinds]),
        )
        progress = progress_line(sys.stderr, "Steps")
        if not options["trial"]:
            asked.keep(opened.name, teach(opened, lesson, progress), options["to"] or asked.kept())
            self.stdout.write(self.style.SUCCESS("Taught."))
            return
        new_kinds = lesson.asked_kinds % _ONE_IN == 0
        new_sayings = ~new_kinds & (np.arange(len(said)) % _ONE_IN == 0)
        before = opened.encode(said)
        opened.take_taught(teach(opened, lesson.of(~new_kinds & ~new_sayings), progress))
        after = opened.encode_asked(said)
        for what, rows in (("Sayings of kinds taught", new_sayings), ("Sayings of other kinds", new_kinds)):
            kinds_of = lesson.asked_kinds[rows]
            shares = [share_found(vectors[rows], kinds_of, lesson, _FIRST) for vectors in (before, after)]
            self.stdout.write(
                "{}: their kind among the first five for {:.3f}, then for {:.3f}".format(what, *shares)
            )
