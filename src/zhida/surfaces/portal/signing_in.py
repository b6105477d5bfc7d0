"""Signing in, in our words: what a device is told of this site, what a key is called, and who can say who is there."""

from __future__ import annotations

import struct
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
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
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from zhida.services.identities.linking import providers_of
from zhida.services.identities.ports import identities
from zhida.surfaces.look.language import say
from zhida.surfaces.look.sealing import seal, unseal
from zhida.surfaces.look.shell import site_name

LONGEST_NAME = 40
MALFORMED = (KeyError, IndexError, TypeError, ValueError, AttributeError, struct.error)
"""What the reading of an answer raises that no device gave (fido2 reads bytes of a stranger)."""


class Accounts(DefaultAccountAdapter):
    """What allauth asks an installation about its accounts."""

    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[dict[str, Any]]:
        """The ways to say again who is there: a password, a second factor, or the service that proved it before."""
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        known = set(providers_of(str(user.pk))) if user.is_authenticated else set()
        for one in identities().providers() if known else ():
            if one.name in known:
                address = reverse("portal:again", args=[one.name])
                ways.append(
                    {"id": f"identity:{one.name}", "description": one.titles.get("zh", one.name), "url": address}
                )
        return ways


class SecondFactors(DefaultMFAAdapter):
    """What allauth asks an installation about its second factors and passkeys."""

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:  # noqa: A002
        """What a new key is called until its owner says otherwise."""
        held = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return say("通行密钥 {n}", n=held + 1)

    def encrypt(self, text: str) -> str:
        """A secret of a second factor as the database keeps it."""
        return seal(text, "second factors")

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again; one that was kept before secrets were sealed stands in clear."""
        found = unseal(encrypted_text, "second factors")
        return encrypted_text if found is None else found

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
