"""Accounts and membership in a real Chromium: no axe findings, and the journeys on a phone, with and without JavaScript."""

import re
from pathlib import Path

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from groups.demo.content import lasting_id
from groups.models import Membership, QueuedMail, User
from tests.e2e.conftest import findings

pytestmark = [pytest.mark.e2e, pytest.mark.django_db]

GROUP = lasting_id("group", "chelm-tuesday-paint-pot")
HERE = f"/my-group/people/group/{GROUP}/"
PAGES = {
    "sign in": "/sign-in/",
    "who keeps it": HERE,
    "account": "/account/",
    "name": "/account/name/",
    "password": "/account/password/",
    "e-mail": "/account/e-mail/",
    "delete": "/account/delete/",
    "second step": "/sign-in/second-step/set-up/",
    "claim": f"/claim/{GROUP}/",
}


@pytest.fixture
def phone(browser, demo_site):
    """phone(javascript=…) is a page of a browser of its own, 360 pixels wide."""
    contexts = []

    def phone(*, javascript=True):
        context = browser.new_context(
            viewport={"width": 360, "height": 740}, java_script_enabled=javascript, base_url=demo_site
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        return page

    yield phone
    for context in contexts:
        context.close()


def sign_in_as(page, role):
    page.goto("/sign-in/")
    page.get_by_role("button", name=role, exact=True).click()
    page.wait_for_url("**/my-group/**")


def newest_mail(template):
    return QueuedMail.objects.filter(template=template).order_by("-pk").first().text


def path_in(text):
    return re.search(r"^https?://[^/]+(/\S+)$", text, re.M)[1]


def test_axe_finds_nothing_and_nothing_is_too_wide(phone, axe):
    page = phone()
    sign_in_as(page, "Lead of a group")
    for path in PAGES.values():
        assert page.goto(path).status == 200, path
        assert findings(page, axe) == [], path
        page.set_viewport_size({"width": 320, "height": 700})
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 320, path


@pytest.mark.parametrize("javascript", [True, False])
def test_invite_accept_hand_over_leave(javascript, phone):
    lead = phone(javascript=javascript)
    sign_in_as(lead, "Lead of a group")
    lead.goto(HERE)
    lead.get_by_label("Their e-mail address").fill("pat@example.org")
    lead.get_by_role("button", name="Send the invitation").click()
    lead.get_by_text("The invitation is on its way.").wait_for()

    pat = phone(javascript=javascript)
    pat.goto(path_in(newest_mail("invitation")))
    pat.get_by_label("Your name").fill("Pat Okafor")
    pat.get_by_role("button", name="Yes, I will help").click()
    pat.wait_for_url("**/my-group/**")
    assert "Tuesday Paint Pot" in pat.content()

    lead.goto(HERE)
    lead.get_by_role("link", name=re.compile("Make lead.*Pat Okafor")).click()
    lead.get_by_role("button", name="Make lead").click()
    lead.get_by_text("Done. The new lead knows by e-mail.").wait_for()
    lead.get_by_role("link", name="Leave").click()
    lead.get_by_role("button", name="Leave").click()
    lead.wait_for_url("**/my-group/")
    assert lead.goto(HERE).status == 403

    pat.goto(HERE)
    pat.get_by_label("Their e-mail address").wait_for()
    rows = Membership.objects.filter(group_uid=GROUP, is_active=True).values_list("user__first_name", "role")
    assert set(rows) == {("Pat Okafor", "lead"), ("Sam Helper", "editor")}


@pytest.mark.parametrize("javascript", [True, False])
def test_a_newcomer_signs_in_by_a_pasted_code(javascript, phone):
    page = phone(javascript=javascript)
    page.goto("/my-group/")
    page.get_by_label("Your e-mail address").first.fill("nina@example.org")
    page.get_by_role("button", name="Send me a link").click()
    code = re.search(r"^\d{4} \d{4}$", newest_mail("sign_in"), re.M)[0]
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Name").fill("Nina")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/my-group/")
    session = next(row for row in page.context.cookies() if row["name"] == "sessionid")["value"]
    assert SessionStore(session)[SESSION_KEY] == str(User.objects.get(email="nina@example.org").pk)


@pytest.mark.parametrize("javascript", [True, False])
def test_somebody_changes_their_address_takes_everything_along_and_goes(javascript, phone):
    page = phone(javascript=javascript)
    page.goto("/sign-in/?next=/account/")
    page.get_by_label("Your e-mail address").first.fill("olive@example.org")
    page.get_by_role("button", name="Send me a link").click()
    page.get_by_label("Code").fill(re.search(r"^\d{4} \d{4}$", newest_mail("sign_in"), re.M)[0])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Name").fill("Olive")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name=re.compile("Change.*your e-mail address")).click()
    page.get_by_label("New e-mail address").fill("olive.new@example.org")
    page.get_by_role("button", name="Send the code").click()
    page.get_by_label("Code").fill(re.search(r"^\d{4} \d{4}$", newest_mail("new_address"), re.M)[0])
    page.get_by_role("button", name="Use this address").click()
    page.get_by_text("Your new e-mail address is saved.").wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download everything we hold about you").click()
    assert "olive.new@example.org" in Path(download.value.path()).read_text(encoding="utf-8")
    page.get_by_role("link", name="Delete your account").click()
    page.get_by_role("button", name="Delete my account").click()
    page.get_by_text("Your account is deleted.").wait_for()
    assert not User.objects.filter(first_name="Olive").exists()


def test_a_link_from_an_e_mail_signs_in(phone):
    page = phone()
    page.goto("/sign-in/?next=/account/")
    page.get_by_label("Your e-mail address").first.fill("lead@waymark.example")
    page.get_by_role("button", name="Send me a link").click()
    page.get_by_label("Code").wait_for()
    elsewhere = phone(javascript=False)
    elsewhere.goto(path_in(newest_mail("sign_in")))
    elsewhere.get_by_role("button", name="Sign in").click()
    elsewhere.wait_for_url("**/account/")
    assert "Jo Lead" in elsewhere.content()


def test_a_password_can_be_shown(phone):
    page = phone()
    page.goto("/sign-in/")
    page.get_by_text("Use a password instead").click()
    box = page.locator("#password")
    box.fill("three quiet words")
    page.get_by_role("button", name="Show password").click()
    assert box.get_attribute("type") == "text"
    page.get_by_role("button", name="Hide password").click()
    assert box.get_attribute("type") == "password"
