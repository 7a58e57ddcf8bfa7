"""From the reminder's e-mail to "Checked by the group": a phone of 360 px, nobody signed in, with and without JavaScript."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from groups.editing.models import Trust
from groups.listings.facts import GroupFacts
from groups.mail.rendering import link
from groups.people.membership.models import Membership
from tests.e2e.conftest import findings
from tests.factories import ContactFactory, GroupPageFactory, UserFactory
from tests.search.conftest import forget_rows, forget_vocabulary

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def group(site_tree):
    """A group of Pat's that nobody has checked for over six months."""
    forget_rows()
    forget_vocabulary()
    long_ago = timezone.now() - timedelta(days=200)
    group = GroupPageFactory(
        title="Riverside Knitters",
        contacts=[ContactFactory.build()],
        facts__last_confirmed_at=long_ago,
        facts__confirmed_by="group",
    )
    Membership.objects.create(
        user=UserFactory(email="pat@example.org"), group_uid=group.uid, role="lead", joined_at=long_ago
    )
    Trust.say(group.uid, True, by=None)
    yield group
    forget_rows()
    forget_vocabulary()


@pytest.fixture
def path_in_the_e_mail(group):
    """Two runs of the day's command, then the outbox: one e-mail."""
    call_command("send_review_reminders", verbosity=0)
    call_command("send_review_reminders", verbosity=0)
    call_command("send_queued_mail", verbosity=0)
    (sent,) = mail.outbox
    assert sent.to == ["pat@example.org"]
    home = link("still_right").removesuffix("still-right/")
    (address,) = (line for line in sent.body.splitlines() if line.startswith(f"{home}still-right/"))
    return "/" + address.removeprefix(home)


@pytest.fixture
def phone(browser, live_server):
    """`phone(javascript)`: nobody is signed in on it."""
    contexts = []

    def phone(javascript=True):
        contexts.append(
            browser.new_context(
                viewport={"width": 360, "height": 740},
                java_script_enabled=javascript,
                base_url=live_server.url,
            )
        )
        page = contexts[-1].new_page()
        page.set_default_timeout(15_000)
        return page

    yield phone
    for context in contexts:
        context.close()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_confirmed_from_the_e_mail(javascript, group, path_in_the_e_mail, phone, axe):
    page = phone(javascript)
    page.goto(group.url)
    assert "Please call first" in page.locator("main").inner_text()

    page.goto(path_in_the_e_mail)
    text = page.locator("main").inner_text()
    for shown in ("Every Tuesday, 10am to 12 noon", "01632 960123"):
        assert shown in text
    if javascript:
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 360
        assert findings(page, axe) == []
    page.get_by_label("Full", exact=True).check()
    page.get_by_role("button", name="Everything is still right").click()
    page.get_by_text("Checked by the group on").wait_for()
    facts = GroupFacts.objects.get(group_uid=group.uid)
    assert (facts.last_confirmed_at.date(), facts.capacity) == (timezone.now().date(), "full")

    page.get_by_role("link", name="See the page").click()
    page.get_by_role("heading", name="Riverside Knitters").wait_for()
    text = page.locator("main").inner_text()
    assert "Please call first" not in text
    assert "Full, as of" in text
    page.goto("/my-group/")
    assert "/sign-in/" in page.url
    page.goto(path_in_the_e_mail)
    page.get_by_role("heading", name="Thank you").wait_for()


def test_something_has_changed_leads_past_the_sign_in(group, path_in_the_e_mail, phone):
    page = phone(javascript=False)
    page.goto(path_in_the_e_mail)
    page.get_by_role("link", name="Something has changed").click()
    page.wait_for_url("**/sign-in/?next=**")
    assert str(group.uid) in page.url
