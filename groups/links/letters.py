"""Telling those who can mend it, once for each time a website broke."""

from groups.links.models import Website
from groups.links.users import groups_naming, organisations_naming
from groups.mail.outbox import queue_mail
from groups.people.membership.models import Membership
from groups.people.membership.queries import members_of


def tell_people(website: Website) -> None:
    """The people of each group that names it, and of each organisation."""
    for group in groups_naming(website.url):
        addresses = {member.user.email for member in members_of(group)}
        _tell(website, addresses, place=group.title, uid=group.uid)
    for organisation in organisations_naming(website.url):
        members = Membership.objects.active().covering(organisation).filter(user__is_active=True)
        addresses = set(members.values_list("user__email", flat=True))
        _tell(website, addresses, place=organisation.name, uid=None)


def _tell(website: Website, addresses: set[str], **context: object) -> None:
    context |= {
        "url": website.url,
        "first": website.failing_since,
        "last": website.looked_at,
        "trouble": website.get_trouble_display(),
    }
    for address in sorted(addresses):
        queue_mail("website_broken", to=address, context=context)
