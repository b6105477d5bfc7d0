"""The account: a login name, a password, and how its holder wants to be addressed."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from zhida.domain.values import new_id


def new_account_id() -> str:
    """A fresh `account_…` id."""
    return new_id("account")


class Accounts(BaseUserManager["Account"]):
    """Finds accounts by their login name, as Django's log-in asks."""


class Account(AbstractBaseUser):
    """AUTH_USER_MODEL. It carries no permission: every right is a dated duty or mandate in offices."""

    id = models.CharField(primary_key=True, max_length=39, default=new_account_id, editable=False)
    login_name = models.CharField(max_length=64, unique=True)
    display_name = models.CharField(max_length=64, blank=True)
    locale = models.CharField(max_length=10, default="zh-hans")
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    opened_at = models.DateTimeField(null=True)

    objects: ClassVar[Accounts] = Accounts()

    USERNAME_FIELD = "login_name"

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(login_name=""), name="account_has_login_name"),
        ]

    def get_full_name(self) -> str:
        """The display name, else the login name."""
        return self.display_name or self.login_name
