"""Who names a website: published groups among their contacts, and the organisations that run them."""

from uuid import UUID

from django.db.models import QuerySet

from groups.links.models import Website
from groups.listings.choices import ContactKind
from groups.listings.models import Contact, GroupPage
from groups.organisations.models import Organisation


def in_use() -> set[str]:
    """The address of every website that a visitor may be led to."""
    contacts = Contact.objects.filter(kind=ContactKind.WEBSITE, page__live=True)
    organisations = Organisation.objects.exclude(website="").filter(groups__live=True)
    return {*contacts.values_list("value", flat=True), *organisations.values_list("website", flat=True)}


def forget_unused() -> None:
    """What we know of websites that nobody names any more goes. Whatever erases or hides an address calls it."""
    wanted = in_use()
    unused = [pk for pk, url in Website.objects.values_list("pk", "url") if url not in wanted]
    Website.objects.filter(pk__in=unused).delete()


def groups_naming(url: str) -> QuerySet[GroupPage]:
    """Published groups that give it as their own."""
    return GroupPage.objects.live().filter(contacts__kind=ContactKind.WEBSITE, contacts__value=url).distinct()


def organisations_naming(url: str) -> QuerySet[Organisation]:
    return Organisation.objects.filter(website=url, groups__live=True).distinct()


def uids_using(url: str) -> set[UUID]:
    """Public ids of all groups whose page shows it."""
    of_organisations = GroupPage.objects.live().filter(organisation__in=organisations_naming(url))
    return {
        *groups_naming(url).values_list("translation_key", flat=True),
        *of_organisations.values_list("translation_key", flat=True),
    }
