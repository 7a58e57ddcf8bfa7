"""Whatever is sent to a form about accounts or membership, the answer is a page or a way on, never a failure."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groups import throttle
from groups.models import Membership
from tests.factories import GroupPageFactory, UserFactory

pytestmark = pytest.mark.usefixtures("site_tree")

FIELDS = ("email", "password", "code", "key", "name", "next", "evidence", "do")
WORDS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "sam@example.org",
            "a\x00b@example.org",
            "/my-group/",
            "//x.example",
            "1234 5678",
            "x" * 5000,
            "١٢٣٤٥٦٧٨",
        ]
    ),
)


@pytest.fixture
def addresses(client, monkeypatch):
    monkeypatch.setattr(throttle, "may_try", lambda limit, who: True)
    group = GroupPageFactory()
    lead = UserFactory(first_name="Jean")
    Membership.objects.create(user=lead, role="lead", group_uid=group.uid)
    client.force_login(lead)
    return [
        "/sign-in/", "/sign-in/code/", "/sign-in/link/", "/sign-in/demo/", "/sign-in/second-step/set-up/",
        "/account/name/", "/account/e-mail/",
        "/account/e-mail/code/", "/account/e-mail/link/", "/account/download/",
        "/account/password/", "/invitation/", f"/claim/{group.uid}/", f"/my-group/people/group/{group.uid}/",
    ]  # fmt: skip


@given(data=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_answer_is_a_failure(data, client, addresses):
    path = data.draw(st.sampled_from(addresses))
    sent = data.draw(st.dictionaries(st.sampled_from(FIELDS), WORDS))
    looking = data.draw(st.booleans())
    answer = client.get(path, sent) if looking else client.post(path, sent)
    assert answer.status_code in {200, 302, 404, 405, 409, 410, 422}
