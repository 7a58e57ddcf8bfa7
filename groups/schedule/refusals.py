"""Why a text about days and times was not read."""

from enum import StrEnum


class Refusal(StrEnum):
    EMPTY = "empty"
    UNKNOWN_WORDS = "unknown_words"
    UNCLEAR = "unclear"  # every word is known, their order is not
    NO_DAY = "no_day"
    NO_SUCH_TIME = "no_such_time"
    MORNING_OR_AFTERNOON = "morning_or_afternoon"
    ENDS_BEFORE_START = "ends_before_start"
    WHICH_WEEK = "which_week"  # "monthly", and no more
    EVERY_SECOND = "every_second"  # every other one, or the second of the month
    ONE_DAY_A_MONTH = "one_day_a_month"
    NO_SUCH_DATE = "no_such_date"
    OTHER_WEEKDAY = "other_weekday"
    SEVERAL = "several"
    CLASH = "clash"  # two readings of one day


class NotUnderstoodError(ValueError):
    """A text that was not read. `words` are those that stopped the reading."""

    def __init__(self, refusal: Refusal, words: str = "") -> None:
        super().__init__(f"{refusal}: {words}")
        self.refusal = refusal
        self.words = words
