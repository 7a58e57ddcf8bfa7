"""Make the vectors that are missing or out of date."""

import sys

from django.core.management.base import BaseCommand

from search.index.vectors import make_phrase_vectors, make_vectors
from search.management.progress import progress_line
from search.meaning.model import model
from search.understanding import kinds


class Command(BaseCommand):
    help = (
        "Make the vectors of listings that have none, or whose words have changed. Safe to run at any time."
    )

    def handle(self, *args, **options) -> None:
        opened = model()
        if opened is None:
            self.stdout.write(
                "No language model is installed: searches go by words alone. To install it: make meaning"
            )
            return
        if kinds.learnt(opened) is None:
            kinds.learn(opened, kinds.kept(), progress_line(sys.stderr, "Kinds of help"))
        make_phrase_vectors(progress_line(sys.stderr, "Phrases"))
        made = make_vectors(progress_line(sys.stderr, "Vectors"))
        self.stdout.write(self.style.SUCCESS(f"{made:,} made."))
