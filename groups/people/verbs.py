"""What people change about themselves."""

from django.contrib.auth.base_user import AbstractBaseUser

from groups.people.models import User


def change_name(user: User, name: str) -> None:
    """Keep the whole name in one field: names do not split by rule."""
    user.first_name, user.last_name = name, ""
    user.save(update_fields=["first_name", "last_name"])


def change_password(user: AbstractBaseUser, password: str) -> None:
    """Every other session of this person ends with it."""
    user.set_password(password)
    user.save(update_fields=["password"])
