"""What people do about who keeps a page. Each is one transaction, with its history and its e-mails.

Whether somebody may is asked before, by the view (`groups.people.permissions`). Whether it can be done is said here.
"""

from groups.people.membership.verbs.claiming import approve_claim, claim, refuse_claim
from groups.people.membership.verbs.inviting import accept, accept_as, invite, send_again, take_back
from groups.people.membership.verbs.keeping import (
    end_all,
    hand_over_lead,
    lead_new,
    leave,
    leave_everything,
    remove,
)
from groups.people.membership.verbs.shared import Refused

__all__ = [
    "Refused",
    "accept",
    "accept_as",
    "approve_claim",
    "claim",
    "end_all",
    "hand_over_lead",
    "invite",
    "lead_new",
    "leave",
    "leave_everything",
    "refuse_claim",
    "remove",
    "send_again",
    "take_back",
]
