"""Every model of `groups`, room by room, for Django to find."""

from groups.checking.models import ModeratorArea
from groups.content.models import AreaSettings, GuideIndexPage, GuidePage, HomePage, HomeTopic
from groups.editing.models import CheckingSettings, Proposal, SeenLater, Trust
from groups.links.models import Website
from groups.listings.changes import ChangeCounter, ListingVersion
from groups.listings.facts import ClosureRecord, DateChangeRecord, FactHistory, GroupFacts
from groups.listings.models import (
    Contact,
    GroupAccess,
    GroupIndexPage,
    GroupPage,
    GroupPhoto,
    GroupSession,
    GroupTag,
    ServedArea,
    TaggedGroup,
)
from groups.listings.provenance import SourceRecord
from groups.mail.models import QueuedMail
from groups.organisations.models import Organisation
from groups.people.membership.models import Claim, Invitation, Membership, MembershipHistory
from groups.people.models import User
from groups.people.signing_in.models import SignInRequest
from groups.places.models import TermDates, Venue, VenueAccess
from groups.problems.models import Problem, ProblemStep
from groups.reviews.models import ReviewStep
from groups.throttle import Tries
from groups.vocabulary.models import (
    Activity,
    ActivityFamily,
    Circumstance,
    FalseFriend,
    HelpPanel,
    Language,
    Need,
    NeedActivity,
    NeedArea,
)

__all__ = [
    "Activity",
    "ActivityFamily",
    "AreaSettings",
    "ChangeCounter",
    "CheckingSettings",
    "Circumstance",
    "Claim",
    "ClosureRecord",
    "Contact",
    "DateChangeRecord",
    "FactHistory",
    "FalseFriend",
    "GroupAccess",
    "GroupFacts",
    "GroupIndexPage",
    "GroupPage",
    "GroupPhoto",
    "GroupSession",
    "GroupTag",
    "GuideIndexPage",
    "GuidePage",
    "HelpPanel",
    "HomePage",
    "HomeTopic",
    "Invitation",
    "Language",
    "ListingVersion",
    "Membership",
    "MembershipHistory",
    "ModeratorArea",
    "Need",
    "NeedActivity",
    "NeedArea",
    "Organisation",
    "Problem",
    "ProblemStep",
    "Proposal",
    "QueuedMail",
    "ReviewStep",
    "SeenLater",
    "ServedArea",
    "SignInRequest",
    "SourceRecord",
    "TaggedGroup",
    "TermDates",
    "Tries",
    "Trust",
    "User",
    "Venue",
    "VenueAccess",
    "Website",
]
