"""One line of progress for a command that takes a while."""

from collections.abc import Callable
from typing import TextIO

from django.core.management.base import OutputWrapper


def progress_line(out: TextIO | OutputWrapper, what: str) -> Callable[[int, int], None]:
    """A callback that rewrites one line on a terminal, and is quiet elsewhere."""

    def show(done: int, total: int) -> None:
        if out.isatty() and total:
            out.write(f"\r{what}: {done:,} of {total:,} ({done * 100 // total} %)")
            if done == total:
                out.write("\n")
            out.flush()

    return show
