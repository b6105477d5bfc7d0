"""What an identity service has to prove before anybody is let in, and each way in which it can fail to."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey

from tests.unit.adapters.identity.issuer import CLIENT, ISSUER, SECRET, Issuer
from zhida.adapters.identity import OidcIdentities, read_providers
from zhida.adapters.identity.settings import Trusted
from zhida.domain.errors import AccessError, InvariantBroken, RetryableOutside
from zhida.services.identities.ports import Proven, Provider

BACK = "https://zhida.example.org/enter/province/back/"
CLAIMS = {"citizen_number": "id_number", "credit_code": "uscc", "name": "name"}


def trusting(issuer: Issuer, **more: Any) -> OidcIdentities:
    trusted = Trusted(Provider("province", {"zh": "省"}), ISSUER, CLIENT, SECRET, "openid", CLAIMS)
    return OidcIdentities([trusted], transport=issuer.transport, **more)


def journey(issuer: Issuer, client: OidcIdentities | None = None, **changed: str) -> Proven:
    client = client or trusting(issuer)
    departure = client.depart("province", back=BACK, again=False)
    answer = issuer.log_in(departure.address) | changed
    return client.arrive("province", kept=departure.kept, answer=answer)


def test_it_tells_who_it_is_and_what_was_asked_of_them() -> None:
    issuer = Issuer(id_number="990101199001010017", name="林", picture="not asked")
    found = journey(issuer)
    assert (found.issuer, found.subject_name, found.name) == (ISSUER, "person-1", "林")
    assert found.citizen_number == "990101199001010017"
    assert found.credit_code == ""
    assert found.proven_at is None
    assert "990101199001010017" not in repr(found)


def test_every_journey_has_its_own_secrets() -> None:
    client = trusting(Issuer())
    first, second = (client.depart("province", back=BACK, again=False).kept for _ in range(2))
    assert all(first[name] != second[name] for name in ("state", "nonce", "verifier"))


def test_a_verifier_of_another_journey_is_refused_by_the_service() -> None:
    issuer = Issuer()
    client = trusting(issuer)
    mine, other = (client.depart("province", back=BACK, again=False) for _ in range(2))
    answer = issuer.log_in(other.address) | {"state": mine.kept["state"]}
    with pytest.raises(AccessError) as refused:
        client.arrive("province", kept=mine.kept, answer=answer)
    assert refused.value.code == "identity_not_proven"


ANSWERS: dict[str, dict[str, str]] = {
    "another state": {"state": "made up"},
    "no state": {"state": ""},
    "another issuer": {"iss": "https://evil.example.org"},
    "no code": {"code": ""},
    "a code nobody gave": {"code": "made up"},
    "an error": {"error": "access_denied"},
}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_refused(name: str) -> None:
    with pytest.raises(AccessError):
        journey(Issuer(), **ANSWERS[name])


SPOILT: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://evil.example.org"},
    "another client": {"aud": "somebody"},
    "many clients, not ours": {"aud": ["a", "b"]},
    "made out to another": {"aud": [CLIENT, "b"], "azp": "b"},
    "another nonce": {"nonce": "made up"},
    "no nonce": {"nonce": None},
    "nobody": {"sub": ""},
    "no name": {"sub": None},
    "too old": {"exp": int(time.time()) - 3600},
    "without end": {"exp": None},
    "from the future": {"iat": int(time.time()) + 3600},
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_token_is_refused(name: str) -> None:
    issuer = Issuer()
    issuer.spoil = SPOILT[name]
    with pytest.raises(AccessError):
        journey(issuer)


def _another_key(issuer: Issuer) -> None:
    issuer.key = ECKey.generate_key("P-256", {"kid": "one"})


def _no_signature(issuer: Issuer) -> None:
    issuer.header = {"alg": "none", "kid": "one"}


def _a_secret_of_their_own(issuer: Issuer) -> None:
    issuer.key, issuer.header = OctKey.generate_key(256), {"alg": "HS256", "kid": "one"}


@pytest.mark.parametrize("forge", [_another_key, _no_signature, _a_secret_of_their_own])
@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_a_forged_token_is_refused(forge: Callable[[Issuer], None]) -> None:
    issuer = Issuer()
    forge(issuer)
    with pytest.raises(AccessError):
        journey(issuer)


def test_a_key_that_was_changed_a_moment_ago_is_asked_for() -> None:
    issuer = Issuer()
    client = trusting(issuer)
    journey(issuer, client)
    issuer.published = issuer.key = ECKey.generate_key("P-256", {"kid": "two", "use": "sig", "alg": "ES256"})
    issuer.header = {"alg": "ES256", "kid": "two"}
    assert journey(issuer, client).subject_name == "person-1"
    assert issuer.asked.count("/.well-known/openid-configuration") == 1


def test_a_service_that_says_it_is_another_is_not_gone_to() -> None:
    issuer = Issuer()
    issuer.about = {"issuer": "https://evil.example.org"}
    with pytest.raises(AccessError):
        trusting(issuer).depart("province", back=BACK, again=False)


def test_one_that_does_not_answer_is_told_from_one_that_refuses() -> None:
    issuer = Issuer()
    issuer.is_down = True
    with pytest.raises(RetryableOutside):
        trusting(issuer).depart("province", back=BACK, again=False)
    with pytest.raises(AccessError):
        trusting(issuer).depart("county", back=BACK, again=False)


SOUND = "province:\n  titles: {zh: 省}\n  issuer: https://id.example.org/\n  client_id: zhida\n"


def test_services_stand_in_a_file(tmp_path: Path) -> None:
    path, secret = tmp_path / "identity.yaml", tmp_path / "secret"
    assert read_providers(path) == ()
    secret.write_text(f"{SECRET}\n")
    path.write_text(f"{SOUND}  client_secret_file: {secret}\n  claims: {{name: name}}\n")
    (found,) = read_providers(path)
    assert (found.issuer, found.client_id, found.client_secret) == (ISSUER, CLIENT, SECRET)
    assert SECRET not in repr(found)


@pytest.mark.parametrize(
    "text",
    [
        "a: b",
        "- a",
        "{",
        SOUND.replace("https", "http"),
        SOUND.replace("client_id", "klient"),
        SOUND.replace("province", "Province Two"),
        f"{SOUND}  claims: {{shoe_size: s}}\n",
    ],
)
def test_what_is_no_service_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "identity.yaml"
    path.write_text(text)
    with pytest.raises(InvariantBroken):
        read_providers(path)


def test_a_client_without_a_secret_names_itself_instead() -> None:
    issuer = Issuer()
    client = OidcIdentities([Trusted(Provider("province", {"zh": "省"}), ISSUER, CLIENT)], transport=issuer.transport)
    with pytest.raises(AccessError):  # this service knows the client by its secret
        journey(issuer, client)
    assert issuer.named == CLIENT
