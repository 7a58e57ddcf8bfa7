"""Who signs in. E-mail is the name: there is no other to forget."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

FORMER_MEMBER = "former-member@waymark.example"
"""The address of nobody: the account that stands for those who went (`groups.leaving.people`)."""


class EmailNameField(models.EmailField):
    """An e-mail address held in small letters, so that "Jo@…" and "jo@…" are one person in every look-up."""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return value.strip().lower() if isinstance(value, str) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.get_prep_value(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Add a person. Without a password they sign in by e-mailed link only.

        Raises:
            ValueError: no address.
        """
        if not email:
            raise ValueError("A person needs an e-mail address.")
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})


class User(AbstractUser):
    """A person who signs in. First and last name are what Wagtail's own screens need; ours ask for one name.

    The form for one name keeps it whole in `first_name`: names do not split by rule.
    """

    username = None  # type: ignore[assignment]
    email = EmailNameField(
        _("e-mail address"),
        unique=True,
        error_messages={"unique": _("Somebody with this e-mail address is here already.")},
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """How others read of them; the address when they gave no name."""
        return self.get_full_name() or self.email
