"""Running looks: each yields the searches it needs answered next; many looks share each trip to the server."""

from collections.abc import Sequence
from typing import TypeVar

from search.engines.elasticsearch.client import Deadline, Search
from search.engines.looking import Look

Value = TypeVar("Value")


def together(deadline: Deadline, looks: Sequence[Look[Value]]) -> list[Value]:
    """The answers of these looks, in their order.

    Raises:
        UnavailableError: the server did not answer all in time.
    """
    answers: dict[int, Value] = {}
    waiting: dict[int, list[Search]] = {}

    def step(number: int, got: list | None) -> None:
        try:
            waiting[number] = looks[number].send(got)
        except StopIteration as done:
            answers[number] = done.value

    for number in range(len(looks)):
        step(number, None)
    while waiting:
        asked, waiting = waiting, {}
        searches = [search for some in asked.values() for search in some]
        got = deadline.ask(searches)
        place = 0
        for number, some in asked.items():
            step(number, got[place : place + len(some)])
            place += len(some)
    return [answers[number] for number in range(len(looks))]
