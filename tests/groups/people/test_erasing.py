"""A deleted account leaves its address nowhere: the whole database is searched for it."""

import pytest
from django.db import connection

from groups.models import Membership, User
from groups.people.membership import verbs
from groups.people.membership.models import Scope
from groups.people.signing_in.verbs import ask
from tests.factories import GroupPageFactory, UserFactory

pytestmark = pytest.mark.usefixtures("site_tree")
MARKER = "marrowfat@example.org"


def tables_with(marker):
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            if any(marker in str(row).lower() for row in cursor.fetchall()):
                found.append(table)
    return found


@pytest.mark.parametrize("at_once", [True, False], ids=["one", "many"])
def test_a_deleted_account_leaves_no_address(at_once):
    lead, person = UserFactory(first_name="Jean"), UserFactory(email=MARKER)
    scope = Scope.of_group(GroupPageFactory())
    verbs.accept(verbs.invite(scope, lead.email, by=person, role="lead"), by=lead)
    verbs.accept(verbs.invite(scope, MARKER, by=lead), by=person)
    verbs.claim(GroupPageFactory(), by=person, evidence="Me.")
    ask(MARKER)
    assert len(tables_with(MARKER)) > 3
    if at_once:
        person.delete()
    else:
        User.objects.filter(email=MARKER).delete()
    assert tables_with(MARKER) == []
    assert Membership.objects.filter(user=lead, is_active=True).exists()
