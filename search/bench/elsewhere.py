"""An `Asker` on PostgreSQL, in a process of its own: Django's default database is one in a process. It is asked over a pipe.

The times are taken there. So both databases are asked in turn, in one run, and neither waits for the other.
"""

import json
import subprocess
from typing import Any, TextIO, cast

from search.bench import corpus, postgresql
from search.bench.asker import Asker


class Elsewhere:
    """The process that serves an `Asker` of that size's database."""

    def __init__(self, size: str | int) -> None:
        self._process = subprocess.Popen(  # noqa: S603 (our own command)
            corpus.command("bench_search", f"--serve={size}"),
            env=corpus.surroundings(postgresql.environment(size)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._asked, self._answered = cast(TextIO, self._process.stdin), cast(TextIO, self._process.stdout)

    def call(self, name: str, *arguments: Any) -> Any:
        """What that method of the `Asker` returns.

        Raises:
            RuntimeError: the process ended; it said why.
        """
        self._asked.write(json.dumps([name, *arguments]) + "\n")
        self._asked.flush()
        answer = self._answered.readline()
        if not answer:
            raise RuntimeError(f"The process on PostgreSQL ended when it was asked for {name}.")
        return json.loads(answer)

    def close(self) -> None:
        self._process.communicate(timeout=60)


def serve(asker: Asker, asked: TextIO, answered: TextIO) -> None:
    """Answer, line by line, until nothing more is asked."""
    for line in asked:
        name, *arguments = json.loads(line)
        answered.write(json.dumps(getattr(asker, name)(*arguments)) + "\n")
        answered.flush()
