"""Passkeys in our words: what a device is told of this site, what a key is called, what is asked when one is added."""

from __future__ import annotations

import struct
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django.contrib.auth.base_user import AbstractBaseUser

from zhida.surfaces.look.language import say
from zhida.surfaces.look.shell import site_name

LONGEST_NAME = 40
MALFORMED = (KeyError, IndexError, TypeError, ValueError, AttributeError, struct.error)
"""What the reading of an answer raises that no device gave (fido2 reads bytes of a stranger)."""


class SecondFactors(DefaultMFAAdapter):
    """What allauth asks an installation about its second factors and passkeys."""

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:  # noqa: A002
        """What a new key is called until its owner says otherwise."""
        held = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return say("通行密钥 {n}", n=held + 1)

    def _get_site_name(self) -> str:
        return f"{say('直达')} {site_name()}".strip()


class AddPasskey(AddWebAuthnForm):
    """A key to add. As a rule it opens the account alone; one that cannot check its holder stands beside a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"passwordless": True, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["name"].label = say("给它起个名字，好认")
        self.fields["name"].max_length = LONGEST_NAME
        self.fields["name"].widget.attrs["maxlength"] = LONGEST_NAME
        self.fields["name"].widget.attrs["autocomplete"] = "off"
        self.fields["passwordless"].label = say("以后不用密码，直接用它登录")

    def clean(self) -> dict[str, Any]:
        """As asked; what is no answer of a device is a fault of the form."""
        try:
            return super().clean()
        except MALFORMED:
            raise get_adapter().validation_error("incorrect_code") from None


class _Answered(AuthenticateWebAuthnForm):
    def clean_credential(self) -> Authenticator:
        """The key that answered; what is no answer of a device is a fault of the form."""
        try:
            return super().clean_credential()
        except MALFORMED:
            raise get_adapter().validation_error("incorrect_code") from None


class PasskeyLogin(_Answered, LoginWebAuthnForm):
    """A key that opens the account alone."""


class PasskeyBeside(_Answered):
    """A key beside the password."""


class PasskeyAgain(_Answered, ReauthenticateWebAuthnForm):
    """A key that says once more who is there."""


class RenamePasskey(EditWebAuthnForm):
    """Another name for a key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = say("名字")
        self.fields["name"].widget.attrs = {"maxlength": LONGEST_NAME, "autocomplete": "off"}
