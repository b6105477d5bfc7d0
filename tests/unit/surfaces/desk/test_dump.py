"""A dump of the database tells no citizen number and no account number, whatever was done with them."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from tests.simulation import paying
from tests.unit.surfaces.desk.conftest import BATCH, LINE, OFFICE, ROLES
from zhida.adapters.treasury.payees import RegistryPayees
from zhida.config import wiring
from zhida.domain.postings import State
from zhida.domain.values import Actor, Scope, SubjectKind, local_date, new_id
from zhida.kernel.accounts.models import Account
from zhida.kernel.funds import actions, queries, sending
from zhida.kernel.offices import actions as offices
from zhida.kernel.registry import actions as registry
from zhida.kernel.registry import queries as registered
from zhida.services.controls.port import Controls
from zhida.surfaces.look.sealed_sessions import SessionStore
from zhida.surfaces.look.sealing import seal, unseal

CITIZEN, ACCOUNT, TYPED = "110101199003074477", "6222029911223344556", "6222028877665544332"
SYSTEM = Actor("system", "system")
PASSWORD = "once more, please"


def dumped() -> Iterator[tuple[str, str]]:
    """Every row of every table as text, with whatever is written as Base64 in it."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                text = " ".join(
                    bytes(one).decode("latin-1") if isinstance(one, bytes | memoryview) else str(one) for one in row
                )
                yield table, text + " ".join(opened(each) for each in re.findall(r"[\w-]{24,}", text))


def opened(text: str) -> str:
    whole = text[: len(text) - len(text) % 4]
    return urlsafe_b64decode(whole).decode("latin-1")


def told(*needles: str) -> list[tuple[str, str]]:
    return [(table, needle) for table, row in dumped() for needle in needles if needle in row]


@pytest.fixture
def payee(staff: dict[str, str], actor: Actor, now: datetime) -> str:
    """A person with a citizen number and an account."""
    subject_id = new_id("subject")
    person = registry.NewSubject(subject_id, SubjectKind.PERSON, "王芳", "990102", number=CITIZEN)
    registry.register_subject(subject=person, by=actor, as_of=now)
    registry.register_account(
        account_id=new_id("account"), subject_id=subject_id, number=ACCOUNT, holder="王芳", bank="甲", source="x",
        valid_from=local_date(now), by=actor, as_of=now,
    )  # fmt: skip
    return subject_id


def test_a_payment_to_the_end_leaves_no_number_in_clear(
    payee: str, staff: dict[str, str], bank: paying.BookTreasury, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wiring, "controls", lambda: Controls(lambda: (), timedelta(0)))
    maker, checker, releaser = (Actor(staff[role], role, office=OFFICE) for role in ROLES[:3])
    account = registry_account(payee, now)
    one = replace(paying.new_disbursement(30_000), subject_id=payee, account_ref=account)
    actions.reserve_many(line=LINE, disbursements=[one], by=SYSTEM, as_of=now)
    digest = actions.prepare_batch(batch_id=BATCH, disbursement_ids=[one.disbursement_id], by=maker, as_of=now)
    actions.check_batch(batch_id=BATCH, digest=digest, by=checker, as_of=now)
    actions.release_batch(batch_id=BATCH, digest=digest, by=releaser, as_of=now)
    sending.send([one.disbursement_id], treasury=bank, payees=RegistryPayees(), by=paying.TREASURY, as_of=now)
    assert queries.disbursement(one.disbursement_id, scope=Scope.system("test")).state is State.SETTLED
    rows = list(dumped())
    assert any(payee in text for _, text in rows), "the dump holds what was done"
    assert told(CITIZEN, ACCOUNT) == []


def registry_account(subject_id: str, now: datetime) -> str:
    found = registered.bank_account(subject_id, scope=Scope.system("test"), on=local_date(now))
    assert found is not None
    return str(found.id)


def test_what_waits_for_the_password_is_sealed(payee: str, actor: Actor, now: datetime, settings: Any) -> None:
    settings.ZHIDA_STEP_UP = 15
    account = Account.objects.get(login_name="maker")
    account.set_password(PASSWORD)
    account.save()
    offices.give_mandate(account_id=account.pk, subject_id=payee, source="register", by=actor, as_of=now)
    client = Client()
    assert client.post("/account/login/", {"login": "maker", "password": PASSWORD}).status_code == 302
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY][0]["at"] = 0
    session.save()
    typed = {"number": TYPED, "bank": "乙", "holder": "王芳", "subject": payee}
    asked = client.post(f"/my/account/?as={payee}", typed)
    assert "reauthenticate" in asked["Location"]
    assert TYPED in str(dict(client.session)), "it waits in the session"
    assert Session.objects.exists()
    assert told(TYPED) == []


def test_the_secret_of_a_second_factor_is_sealed(staff: dict[str, str]) -> None:
    secret, old = generate_totp_secret(), generate_totp_secret()
    kept = TOTP.activate(Account.objects.get(pk=staff["maker"]), secret).instance.data["secret"]
    assert told(secret) == []
    assert get_adapter().decrypt(kept) == secret
    assert get_adapter().decrypt(old) == old, "one from before secrets were sealed"


def test_what_is_sealed_opens_for_its_purpose_and_under_its_secret_only(settings: Any) -> None:
    sealed = seal("十", "one")
    assert unseal(sealed, "one") == "十"
    assert [
        unseal(wrong, "one") for wrong in ("", "x", "é", sealed[:-4], ("B" if sealed[0] == "A" else "A") + sealed[1:])
    ] == [None] * 5
    assert unseal(sealed, "two") is None
    settings.SECRET_KEY = "another"
    assert unseal(sealed, "one") is None
    assert SessionStore().decode(sealed) == {}
