"""Addresses in e-mails."""

from django import template

from groups.mail.rendering import link
from groups.organisations.models import Organisation
from groups.people.membership.models import Scope

register = template.Library()
register.simple_tag(link, name="mail_link")


@register.simple_tag
def people_link(scope: Scope) -> str:
    """Where a group's or organisation's people are listed."""
    if scope.organisation_id:
        organisation = Organisation.objects.get(pk=scope.organisation_id)
        return link("people", "organisation", organisation.uid)
    return link("people", "group", scope.group_uid)
