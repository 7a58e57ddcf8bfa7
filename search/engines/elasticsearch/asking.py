"""Running looks: each yields the searches it needs answered next; many looks share each trip to the server.

What a look asks first recurs with every page, facet and sort of the same text: how good the best match is, whether the text is
a name. What the server said of it last is taken for granted and asked again in the same trip as what follows from it. Where it
was wrong, the look begins anew with what is so.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from search.engines.elasticsearch.client import Deadline, Response, Search
from search.engines.looking import Look

Value = TypeVar("Value")
_MOST = 2_000


@dataclass(frozen=True, slots=True)
class Recurring:
    """A search whose answer can be guessed. A look that yields it gets what `read` makes of the answer.

    about: what is asked, whatever the time: one and the same for two searches only if they ask the same.
    """

    about: Hashable
    search: Search
    read: Callable[[Response], Any]


class Memory:
    """What the server said last of what recurs. Of one process."""

    def __init__(self) -> None:
        self._said: dict[Hashable, Any] = {}

    def keep(self, about: Hashable, said: Any) -> None:
        if len(self._said) >= _MOST:
            self._said = {}
        self._said[about] = said

    def forget(self) -> None:
        self._said = {}

    def recall(self, asked: Sequence[Search | Recurring]) -> list[Any] | None:
        """What was said of all of these; None where anything of it was not."""
        said = self._said
        if all(isinstance(one, Recurring) and one.about in said for one in asked):
            return [said[one.about] for one in asked if isinstance(one, Recurring)]
        return None


class _Running(Generic[Value]):
    """One look on its way. `asked`: what goes with the next trip; nothing once it has its answer."""

    def __init__(self, begin: Callable[[], Look[Value]], memory: Memory) -> None:
        self._begin, self._memory = begin, memory
        self._told = Memory()  # what the server said in this very look
        self._restart()

    def _restart(self) -> None:
        self._looking = self._begin()
        self._guesses: list[tuple[Recurring, Any]] = []
        self._wanted: Sequence[Search | Recurring] = ()
        self.answer: list[Value] = []
        self._go_on(None)

    @property
    def asked(self) -> list[Search]:
        guessed = [one for one, _said in self._guesses]
        return [one.search if isinstance(one, Recurring) else one for one in (*guessed, *self._wanted)]

    def hear(self, answers: Sequence[Response]) -> None:
        """Go on with what the server says to `asked`."""
        many = len(self._guesses)
        is_so = [self._say(one, answer) for (one, _), answer in zip(self._guesses, answers, strict=False)]
        wanted = [self._say(one, answer) for one, answer in zip(self._wanted, answers[many:], strict=True)]
        if is_so != [said for _one, said in self._guesses]:
            self._restart()
            return
        self._guesses, self._wanted = [], ()
        if not self.answer:
            self._go_on(wanted)

    def _say(self, one: Search | Recurring, answer: Response) -> Any:
        if not isinstance(one, Recurring):
            return answer
        said = one.read(answer)
        self._told.keep(one.about, said)
        self._memory.keep(one.about, said)
        return said

    def _go_on(self, got: list[Any] | None) -> None:
        try:
            while True:
                asked = self._looking.send(got)
                got = self._told.recall(asked)
                if got is None:
                    got = self._memory.recall(asked)
                    if got is None:
                        self._wanted = asked
                        return
                    self._guesses += zip(asked, got, strict=True)
        except StopIteration as done:
            self.answer = [done.value]


def together(
    deadline: Deadline, looks: Sequence[Callable[[], Look[Value]]], memory: Memory | None = None
) -> list[Value]:
    """The answers of these looks, in their order. A look may be begun twice.

    Raises:
        UnavailableError: the server did not answer all in time.
    """
    running = [_Running(look, memory or Memory()) for look in looks]
    while waiting := [(one, asked) for one in running if (asked := one.asked)]:
        answers = deadline.ask([search for _one, asked in waiting for search in asked])
        place = 0
        for one, asked in waiting:
            one.hear(answers[place : place + len(asked)])
            place += len(asked)
    return [one.answer[0] for one in running]
