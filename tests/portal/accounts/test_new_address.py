"""A new e-mail address: proved by its owner, told to the old one, and nothing given away."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from groups.models import QueuedMail, SignInRequest, User
from tests.factories import UserFactory
from tests.portal.accounts.test_signing_in import key_and_code, who
from tests.portal.helpers import assert_no_models, assert_sound

pytestmark = pytest.mark.usefixtures("site_tree")
NEW = "sam.new@example.org"


@pytest.fixture
def sam(client):
    sam = UserFactory(email="sam@example.org", first_name="Sam")
    client.force_login(sam)
    return sam


def ask(client, email=NEW):
    return client.post("/account/e-mail/", {"email": email})


def address_of(user):
    return User.objects.get(pk=user.pk).email


def test_the_code_moves_the_account_and_the_old_address_is_told(client, sam):
    assert ask(client).url == "/account/e-mail/code/"
    assert QueuedMail.objects.get(template="new_address").to == NEW
    assert_no_models(client.get("/account/e-mail/code/").context)
    answer = client.post("/account/e-mail/code/", {"code": key_and_code()[1]})
    assert answer.url == "/account/?done=email"
    assert NEW in assert_sound(client.get(answer.url))
    told = QueuedMail.objects.get(template="address_changed")
    assert told.to == "sam@example.org"
    assert NEW not in told.text
    assert address_of(sam) == NEW
    assert who(client) == NEW


def test_the_link_works_once_where_the_same_person_is_signed_in(client, sam):
    ask(client)
    key, _code = key_and_code()
    assert Client().get("/account/e-mail/link/", {"key": key}).url.startswith("/sign-in/?next=")
    other = Client()
    other.force_login(UserFactory())
    assert other.post("/account/e-mail/link/", {"key": key}).status_code == 410
    assert "Sign in with sam.new@example.org" in client.get("/account/e-mail/link/", {"key": key}).text
    assert address_of(sam) == "sam@example.org"
    assert client.post("/account/e-mail/link/", {"key": key}).url == "/account/?done=email"
    assert client.post("/account/e-mail/link/", {"key": key}).status_code == 410
    assert address_of(sam) == NEW


def test_what_proves_an_address_signs_nobody_in_and_the_other_way_round(client, sam):
    ask(client)
    key, _code = key_and_code()
    assert Client().post("/sign-in/link/", {"key": key}).status_code == 410
    assert not User.objects.filter(email=NEW).exists()
    Client().post("/sign-in/", {"email": NEW})
    key, _code = key_and_code()
    assert client.post("/account/e-mail/link/", {"key": key}).status_code == 410


def test_a_known_address_is_told_only_to_its_owner(client, sam):
    UserFactory(email="known@example.org")
    seen = []
    for email in ("known@example.org", "unheard@example.org"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = ask(client, email)
        page = client.get(answer.url).text.replace(email, "")
        seen.append((len(queries), answer.url, re.sub(r'value="[^"]{60,}"', "", page)))
    assert seen[0] == seen[1]
    ask(client, "known@example.org")
    answer = client.post("/account/e-mail/code/", {"code": key_and_code()[1]})
    assert answer.status_code == 422
    assert "has an account of its own" in answer.text
    assert address_of(sam) == "sam@example.org"


def test_it_ends_after_15_minutes_and_codes_cannot_be_guessed(client, sam):
    ask(client)
    _key, code = key_and_code()
    for _try in range(SignInRequest.MOST_WRONG_CODES):
        assert client.post("/account/e-mail/code/", {"code": "0000 0000"}).status_code == 422
    assert client.post("/account/e-mail/code/", {"code": code}).status_code == 422
    ask(client)
    SignInRequest.objects.update(asked_at=timezone.now() - timedelta(minutes=16))
    assert client.post("/account/e-mail/code/", {"code": key_and_code()[1]}).status_code == 422
    assert address_of(sam) == "sam@example.org"


def test_nobody_is_flooded(client, sam):
    assert [ask(client).status_code for _press in range(6)][-2:] == [302, 429]


def test_an_old_sign_in_link_ends_with_the_old_address(client, sam):
    Client().post("/sign-in/", {"email": "sam@example.org"})
    old, _code = key_and_code()
    ask(client)
    client.post("/account/e-mail/code/", {"code": key_and_code()[1]})
    assert Client().post("/sign-in/link/", {"key": old}).status_code == 410
