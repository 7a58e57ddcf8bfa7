"""One meeting in plain words: a line of a day's list, on the home page and in what's on."""

from dataclasses import dataclass

from groups.listings.public import PublicListing, PublicSession
from groups.schedule.rules import Occurrence
from portal import words


@dataclass(frozen=True, slots=True)
class Meeting:
    """time, where and cost are plain words, "" where not known. family and colour name its disc."""

    name: str
    path: str
    time: str
    where: str
    cost: str
    family: str
    colour: str
    cancelled: bool = False


def meeting(listing: PublicListing, session: PublicSession, at: Occurrence) -> Meeting:
    return Meeting(
        name=listing.name,
        path=listing.path,
        time=words.occurrence_time(at),
        where=words.where_words(session, session.place_of(at)),
        cost=words.cost_in_short(listing),
        family=listing.family,
        colour=listing.colour,
        cancelled=at.cancelled,
    )
