"""E-mail is the name."""

import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse

from groups.models import User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_an_address_is_one_person_however_it_is_typed():
    made = User.objects.create_user("Jo.Bloggs@Example.org", "a long password")
    assert made.email == "jo.bloggs@example.org"
    assert User.objects.get(email="JO.bloggs@example.org ") == made
    assert authenticate(email="jo.BLOGGS@example.org", password="a long password") == made
    with pytest.raises(ValidationError, match="here already"):
        User(email="JO.BLOGGS@example.org", password="x").full_clean()
    with pytest.raises(IntegrityError):
        User.objects.create_user("jo.bloggs@EXAMPLE.org")


def test_a_person_without_a_password_cannot_sign_in_by_one():
    person = User.objects.create_user("jo@example.org")
    assert not person.has_usable_password()
    assert person.name == "jo@example.org"


def test_nobody_is_without_an_address():
    with pytest.raises(ValueError, match="address"):
        User.objects.create_user("")


def test_staff_add_and_change_people_in_the_admin(client):
    client.force_login(UserFactory(superuser=True))
    add = reverse("wagtailusers_users:add")
    assert "Family name" in client.get(add).text
    answer = client.post(add, {"email": "Sam@Example.org", "first_name": "Sam Okafor"})
    assert answer.status_code == 302
    sam = User.objects.get(email="sam@example.org")
    assert (sam.name, sam.has_usable_password()) == ("Sam Okafor", False)
    edit = reverse("wagtailusers_users:edit", args=[sam.pk])
    client.post(edit, {"email": "sam@example.org", "first_name": "Sam", "is_active": "on"})
    sam.refresh_from_db()
    assert (sam.name, sam.is_active) == ("Sam", True)
    taken = client.post(add, {"email": "SAM@example.org", "first_name": "Another Sam"})
    assert "Somebody with this e-mail address is here already" in taken.text or "already exists" in taken.text


def test_the_list_of_people_finds_by_address(client):
    client.force_login(UserFactory(superuser=True))
    UserFactory(email="pat@example.org")
    assert "pat@example.org" in client.get(reverse("wagtailusers_users:index"), {"q": "pat@"}).text
    assert client.get(reverse("wagtailadmin_account")).status_code == 200
