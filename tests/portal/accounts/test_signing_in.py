"""Signing in: every way, by anybody, with nothing given away."""

import re
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import get_user
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from groups.admin.roles import ensure_roles
from groups.models import QueuedMail, SignInRequest, Tries, User
from groups.people.signing_in.models import SignInRequest as Request
from tests.factories import UserFactory
from tests.portal.helpers import assert_no_models, assert_sound

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
pytestmark = pytest.mark.usefixtures("site_tree")


@pytest.fixture
def sam():
    return UserFactory(email="sam@example.org", first_name="Sam")


def ask(client, email="sam@example.org", **more):
    return client.post("/sign-in/", {"email": email, **more})


def key_and_code():
    text = QueuedMail.objects.order_by("-pk").first().text
    return re.search(r"key=(\S+)", text)[1], re.search(r"^(\d{4} \d{4})$", text, re.M)[1]


def who(client):
    user = get_user(client)
    return user.email if user.is_authenticated else ""


# --- link and code ----------------------------------------------------------------------------------


def test_a_link_signs_in_by_a_press_and_once(client, sam):
    answer = ask(client, next="/my-group/people/")
    assert answer.url == "/sign-in/code/"
    key, _code = key_and_code()
    for _look in range(3):  # mail programs look at links by themselves
        looked = Client().get("/sign-in/link/", {"key": key})
        assert "Sign in as sam@example.org?" in assert_sound(looked)
    assert SignInRequest.objects.get().used_at is None
    other = Client()
    answer = other.post("/sign-in/link/", {"key": key})
    assert (answer.status_code, answer.url) == (302, "/my-group/people/")
    assert who(other) == "sam@example.org"
    again = Client()
    answer = again.post("/sign-in/link/", {"key": key})
    assert answer.status_code == 410
    assert "Ask for a new link" in answer.text
    assert who(again) == ""


@pytest.mark.parametrize("typed", ["{}", " {} ", "{}-"])
def test_a_code_can_be_pasted_where_it_was_asked_for(client, sam, typed):
    ask(client)
    key, code = key_and_code()
    answer = client.post("/sign-in/code/", {"code": typed.format(code)})
    assert answer.url == "/my-group/"
    assert who(client) == "sam@example.org"
    assert Client().post("/sign-in/link/", {"key": key}).status_code == 410


def test_a_code_is_worth_nothing_in_another_browser(client, sam):
    ask(client)
    _key, code = key_and_code()
    other = Client()
    assert other.post("/sign-in/code/", {"code": code}).url == "/sign-in/"
    ask(other, "other@example.org")
    assert other.post("/sign-in/code/", {"code": code}).status_code == 422
    assert who(other) == ""


def test_codes_cannot_be_guessed(client, sam):
    ask(client)
    _key, code = key_and_code()
    for _try in range(Request.MOST_WRONG_CODES):
        answer = client.post("/sign-in/code/", {"code": "0000 0000"})
        assert answer.status_code == 422
        assert 'value="0000 0000"' in answer.text
    assert client.post("/sign-in/code/", {"code": code}).status_code == 422
    assert who(client) == ""


def test_both_end_after_15_minutes(client, sam):
    ask(client)
    key, code = key_and_code()
    SignInRequest.objects.update(asked_at=timezone.now() - timedelta(minutes=15, seconds=1))
    assert client.get("/sign-in/link/", {"key": key}).status_code == 410
    assert client.post("/sign-in/link/", {"key": key}).status_code == 410
    assert client.post("/sign-in/code/", {"code": code}).status_code == 422
    assert who(client) == ""


def test_signing_in_uses_up_what_else_was_asked_for(client, sam):
    ask(client)
    old, _code = key_and_code()
    ask(client)
    new, _code = key_and_code()
    client.post("/sign-in/link/", {"key": new})
    assert Client().post("/sign-in/link/", {"key": old}).status_code == 410


def test_no_secret_is_kept(client, sam):
    ask(client)
    key, code = key_and_code()
    row = SignInRequest.objects.values().get()
    assert key not in str(row)
    assert code.replace(" ", "") not in str(row)


def test_addresses_that_were_typed_are_forgotten(client):
    ask(client)
    SignInRequest.objects.update(asked_at=timezone.now() - timedelta(hours=25))
    call_command("forget_old", verbosity=0)
    assert not SignInRequest.objects.exists()


def test_an_address_that_is_new_becomes_an_account_when_its_mail_is_read(client):
    ask(client, "New@Example.org")
    assert not User.objects.filter(email__iexact="new@example.org").exists()
    key, _code = key_and_code()
    answer = client.post("/sign-in/link/", {"key": key})
    assert answer.url == "/account/name/?next="
    assert client.post("/account/name/", {"name": "http://buy.example"}).status_code == 422
    assert client.post("/account/name/", {"name": " New  Person "}).url == "/my-group/"
    assert User.objects.get(email__iexact="new@example.org").name == "New Person"


def test_known_and_unknown_addresses_cannot_be_told_apart(client, sam):
    """The same queries, the same answer, one e-mail each."""

    def run(email):
        browser = Client()
        with CaptureQueriesContext(connection) as queries:
            answer = ask(browser, email)
        shape = [re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in queries]
        page = TOKEN.sub("", browser.get(answer.url).text.replace(email, ""))
        return shape, answer.status_code, answer.url, page

    ask(Client(), "warm@example.org")
    assert run("sam@example.org") == run("who@example.org")
    assert QueuedMail.objects.count() == 3
    texts = [re.sub(r"key=\S+|\d{4} \d{4}", "", mail.text) for mail in QueuedMail.objects.all()]
    assert len(set(texts)) == 1


def test_a_closed_account_stays_closed(client, sam):
    User.objects.update(is_active=False)
    ask(client)
    key, _code = key_and_code()
    answer = client.post("/sign-in/link/", {"key": key})
    assert "This account is closed" in answer.text
    assert who(client) == ""


@pytest.mark.parametrize(
    "email", ["", "sam", "sam@", "@example.org", "a" * 300 + "@example.org", "a\x00@b.org"]
)
def test_what_is_no_address_is_kept_and_explained(client, email):
    answer = ask(client, email)
    assert_sound(answer, 422)
    assert 'class="errors"' in answer.text
    assert not QueuedMail.objects.exists()


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/a\x00b", "/" + "x" * 600],
)
def test_nobody_is_sent_elsewhere(client, sam, elsewhere):
    ask(client, next=elsewhere)
    key, _code = key_and_code()
    assert client.post("/sign-in/link/", {"key": key}).url == "/my-group/"


def test_nonsense_is_no_error(client):
    assert client.get("/sign-in/link/").status_code == 410
    assert client.post("/sign-in/link/", {"key": "é\x00" * 50}).status_code == 410
    assert client.get("/sign-in/code/").url == "/sign-in/"
    assert client.get("/sign-out/").status_code == 405


# --- throttling -------------------------------------------------------------------------------------


def test_one_account_gets_few_mails_and_is_never_locked_out_for_good(client, sam):
    for _time in range(5):
        assert ask(client).status_code == 302
    answer = ask(client)
    assert answer.status_code == 429
    assert 'value="sam@example.org"' in answer.text
    assert QueuedMail.objects.count() == 5
    key, _code = key_and_code()
    assert Client().post("/sign-in/link/", {"key": key}).status_code == 302  # the newest still works
    Tries.objects.update(ends_at=1)
    assert ask(client).status_code == 302
    assert "sam" not in str(list(Tries.objects.values()))


def test_one_network_address_asks_for_few_accounts(client):
    answers = [ask(client, f"person{n}@example.org").status_code for n in range(21)]
    assert answers == [302] * 20 + [429]
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert ask(elsewhere, "person30@example.org").status_code == 302


def test_only_our_own_proxies_are_believed(client, settings):
    settings.WAYMARK_PROXIES = 1
    for n in range(20):
        hops = {"X-Forwarded-For": f"10.0.0.{n}, 192.0.2.1"}
        client.post("/sign-in/", {"email": f"a{n}@example.org"}, headers=hops)
    made_up = client.post(
        "/sign-in/", {"email": "b@example.org"}, headers={"X-Forwarded-For": "10.9.9.9, 192.0.2.1"}
    )
    assert made_up.status_code == 429


# --- passwords --------------------------------------------------------------------------------------


def by_password(client, password, email="sam@example.org"):
    return client.post("/sign-in/", {"email": email, "password": password})


def test_a_password_is_one_way_in(client, sam):
    assert by_password(client, "a long password", "SAM@example.org").url == "/my-group/"
    assert who(client) == "sam@example.org"


def test_a_wrong_password_says_the_same_for_everyone(client, sam):
    UserFactory(email="none@example.org", password=None)
    known, unknown, without = (
        by_password(client, "wrong", email).text.replace(email, "")
        for email in ("sam@example.org", "who@example.org", "none@example.org")
    )
    assert TOKEN.sub("", known) == TOKEN.sub("", unknown) == TOKEN.sub("", without)
    assert "do not go together" in known
    assert "wrong" not in re.sub(r"field--wrong|input", "", known)


def test_passwords_cannot_be_guessed_and_a_link_still_works(client, sam):
    for _time in range(10):
        by_password(client, "wrong")
    assert by_password(client, "a long password").status_code == 429
    assert who(client) == ""
    ask(client)
    key, _code = key_and_code()
    assert client.post("/sign-in/link/", {"key": key}).status_code == 302


def test_choosing_a_password_ends_other_sessions(client, sam):
    client.force_login(sam)
    other = Client()
    other.force_login(sam)
    short = client.post("/account/password/", {"password": "short"})
    assert short.status_code == 422
    assert 'value="short"' not in short.text
    assert (
        client.post("/account/password/", {"password": "three quiet words"}).url == "/account/?done=password"
    )
    assert who(client) == "sam@example.org"
    assert who(other) == ""
    assert by_password(Client(), "three quiet words").status_code == 302


def test_signing_out(client, sam):
    client.force_login(sam)
    assert client.post("/sign-out/").url == "/sign-in/?out=1"
    assert who(client) == ""


@pytest.mark.parametrize(
    "path", ["/account/", "/account/name/", "/account/password/", "/sign-in/second-step/set-up/"]
)
def test_pages_of_an_account(client, sam, path):
    assert client.get(path).url == f"/sign-in/?next={path.replace('/', '%2F')}"
    client.force_login(sam)
    answer = client.get(path)
    assert_sound(answer)
    assert_no_models(answer.context)
    assert "no-store" in answer["Cache-Control"]


# --- the second step --------------------------------------------------------------------------------


@pytest.fixture
def second_factor(settings):
    settings.WAYMARK_SECOND_FACTOR = True


def code_of(device, drift=0):
    return f"{totp(device.bin_key, drift=drift):06d}"


@pytest.fixture
def moderator(second_factor):
    ensure_roles()
    person = UserFactory(first_name="Max")
    person.groups.add(Group.objects.get(name="Moderators"))
    return person


def test_staff_set_up_a_second_step_before_anything_else(client, moderator):
    by_password(client, "a long password", moderator.email)
    for path in ("/admin/", "/account/", "/", "/my-group/people/group/00000000-0000-0000-0000-000000000000/"):
        assert client.get(path).url.startswith("/sign-in/second-step/?next=")
    assert client.post("/admin/pages/1/").url.startswith("/sign-in/second-step/")
    page = client.get(client.get("/sign-in/second-step/?next=/admin/").url)
    assert 'src="data:image/svg+xml' in assert_sound(page)
    device = TOTPDevice.objects.get()
    assert not device.confirmed
    wrong = client.post("/sign-in/second-step/set-up/", {"code": "000000", "next": "/admin/"})
    assert wrong.status_code == 422
    done = client.post("/sign-in/second-step/set-up/", {"code": code_of(device), "next": "/admin/"})
    codes = re.findall(r"<code>(\w{8})</code>", assert_sound(done))
    assert len(codes) == 10
    assert 'href="/admin/"' in done.text
    assert client.get("/admin/").status_code == 200

    # Next time: the app's code, or a backup code, which works once.
    for code, status in ((codes[0], 302), (codes[0], 422), (codes[1].upper(), 302)):
        browser = Client()
        by_password(browser, "a long password", moderator.email)
        assert browser.get("/admin/").status_code == 302
        answer = browser.post("/sign-in/second-step/", {"code": code, "next": "/admin/"})
        assert answer.status_code == status
        assert (browser.get("/admin/").status_code == 200) == (status == 302)


def test_a_code_of_the_app_works_once(client, moderator):
    device = TOTPDevice.objects.create(user=moderator, name="app")
    code = code_of(device)
    for expected in (302, 422):
        browser = Client()
        browser.force_login(moderator)
        assert browser.post("/sign-in/second-step/", {"code": code}).status_code == expected


def test_second_steps_cannot_be_guessed_and_the_wait_ends(client, moderator):
    device = TOTPDevice.objects.create(user=moderator, name="app")
    client.force_login(moderator)
    for _time in range(5):
        client.post("/sign-in/second-step/", {"code": "000000"})
    answer = client.post("/sign-in/second-step/", {"code": code_of(device)})
    assert "Wait 15 minutes" in answer.text
    Tries.objects.update(ends_at=1)
    assert client.post("/sign-in/second-step/", {"code": code_of(device)}).status_code == 302


def test_a_phone_is_not_replaced_by_whoever_passed_the_first_step_only(client, moderator):
    TOTPDevice.objects.create(user=moderator, name="app")
    client.force_login(moderator)
    assert client.get("/sign-in/second-step/set-up/").url == "/sign-in/second-step/"
    assert client.post("/sign-in/second-step/set-up/", {"code": "1"}).url == "/sign-in/second-step/"
    assert client.post("/account/backup-codes/").url.startswith("/sign-in/second-step/")
    assert TOTPDevice.objects.count() == 1


def test_volunteers_need_none(client, sam, second_factor):
    client.force_login(sam)
    assert client.get("/account/").status_code == 200


def test_forgetting_a_lost_phone(moderator):
    TOTPDevice.objects.create(user=moderator, name="app")
    call_command("forget_second_step", moderator.email.upper(), verbosity=0)
    assert not TOTPDevice.objects.exists()
    with pytest.raises(CommandError, match="Nobody signs in"):
        call_command("forget_second_step", "who@example.org")


# --- the admin's door -------------------------------------------------------------------------------


def test_the_admin_has_no_door_of_its_own(client):
    assert client.get("/admin/").url == "/sign-in/?next=/admin/"
    assert client.get("/admin/login/?next=/admin/pages/").url == "/sign-in/?next=/admin/pages/"
    assert client.post("/admin/login/", {"username": "a", "password": "b"}).status_code == 302
    assert client.get("/admin/password_reset/").status_code == 404


def test_a_group_editor_at_the_admin_is_sent_to_my_group(client, sam):
    client.force_login(sam)
    for path in ("/admin/", "/admin/pages/", "/admin/users/"):
        assert client.get(path).url == "/my-group/"


def test_pages_for_everyone_ask_for_no_session(client):
    answer = client.get("/sign-in/code/")
    assert django_settings.SESSION_COOKIE_NAME not in answer.cookies
    assert "Cookie" not in client.get("/urgent-help/").get("Vary", "")


# --- the demo ---------------------------------------------------------------------------------------


def test_the_demos_people_sign_in_by_one_press(client, settings):
    settings.WAYMARK_DEMO = True
    UserFactory(email="lead@waymark.example", first_name="Jo")
    assert "Lead of a group" in assert_sound(client.get("/sign-in/"))
    assert client.post("/sign-in/demo/", {"email": "lead@waymark.example"}).url == "/my-group/"
    assert who(client) == "lead@waymark.example"


def test_nobody_else_does_and_nowhere_else(client, settings, sam):
    settings.WAYMARK_DEMO = True
    assert client.post("/sign-in/demo/", {"email": "sam@example.org"}).status_code == 404
    settings.WAYMARK_DEMO = False
    UserFactory(email="lead@waymark.example")
    assert client.post("/sign-in/demo/", {"email": "lead@waymark.example"}).status_code == 404
    assert "demo" not in client.get("/sign-in/").text.lower()
    assert who(client) == ""
