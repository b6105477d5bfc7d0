"""Another platform logs its people in through us: our own client goes the whole way, and everything spoilt is refused.

The platform is a second installation's client (`OidcIdentities`), which believes nothing that is not signed for it.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest
from django.test import Client as Browser

from tests.unit.surfaces.api.conftest import Place, Still
from zhida.adapters.identity import OidcIdentities
from zhida.adapters.identity.settings import Trusted
from zhida.adapters.keys.voucher_keys import FileVoucherKeys
from zhida.config import wiring
from zhida.domain.errors import AccessError, ConflictError
from zhida.domain.values import Actor, Scope, SubjectKind, new_id
from zhida.kernel.accounts.actions import close_account
from zhida.kernel.accounts.models import Account
from zhida.kernel.ledger import queries as ledger
from zhida.kernel.offices import actions as offices
from zhida.kernel.registry import actions as registry
from zhida.kernel.registry import queries as facts
from zhida.services.identities.ports import Departure, Proven, Provider
from zhida.services.vouching import clients

ISSUER = "http://127.0.0.1:8000"
BACK = "https://east.example.org/back"
NUMBER = "990102199001010015"
CLAIMS = {"name": "name", "credit_code": "credit_code", "citizen_number": "citizen_number"}
VERIFIER = "a" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


@pytest.fixture
def secret(place: Place, actor: Actor, now: datetime, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """The secret of a platform that may ask everything; keys of this test's own."""
    keys = FileVoucherKeys(tmp_path, ISSUER)
    monkeypatch.setattr(wiring, "voucher", lambda: keys)
    Account.objects.filter(pk=place.owner).update(display_name="林小满")
    return added("east-zone", ("profile", "acting", "name", "citizen_number"), actor, now)


def added(name: str, scopes: tuple[str, ...], by: Actor, now: datetime, *, keeps_secrets: bool = True) -> str:
    new = clients.NewClient(name, ("东区平台", "East platform"), "statistics", [BACK], scopes, keeps_secrets)
    return clients.add_client(new=new, by=by, as_of=now)


def served(request: httpx.Request) -> httpx.Response:
    """Our own pages as the platform's server reaches them."""
    headers = {"Authorization": request.headers["Authorization"]} if "Authorization" in request.headers else {}
    send = Browser().post if request.method == "POST" else Browser().get
    body = {"data": request.content, "content_type": "application/x-www-form-urlencoded"}
    answer = send(request.url.path, **(body if request.method == "POST" else {}), headers=headers)
    return httpx.Response(answer.status_code, content=answer.content)


class Platform:
    """A second installation that trusts this one."""

    def __init__(self, secret: str, scope: str, name: str = "east-zone") -> None:
        provider = Provider("zhida", {"zh": "直达"})
        trusted = Trusted(provider, ISSUER, name, secret, scope, CLAIMS)
        self.client = OidcIdentities([trusted], transport=httpx.MockTransport(served))

    def depart(self, *, again: bool = False) -> Departure:
        return self.client.depart("zhida", back=BACK, again=again)

    def arrive(self, departure: Departure, answer: dict[str, str]) -> Proven:
        return self.client.arrive("zhida", kept=departure.kept, answer=answer)


def path_of(departure: Departure) -> str:
    assert departure.address.startswith(f"{ISSUER}/oidc/authorize?")
    return departure.address.removeprefix(ISSUER)


def answer_in(response: Any) -> dict[str, str]:
    """What the browser brings to the platform."""
    assert response.status_code == 302, response.content.decode()[:500]
    assert response["Location"].startswith(f"{BACK}?")
    return dict(parse_qsl(urlsplit(response["Location"]).query))


def agree(browser: Browser, path: str, subject: str, *let: str) -> dict[str, str]:
    return answer_in(browser.post(path, {"answer": "let", "subject": subject, "let": let}))


def asked(**change: str) -> str:
    query = {"client_id": "east-zone", "redirect_uri": BACK, "response_type": "code", "scope": "openid", "state": "s",
             "nonce": "n", "code_challenge": CHALLENGE, "code_challenge_method": "S256"} | change  # fmt: skip
    return "/oidc/authorize?" + urlencode({name: text for name, text in query.items() if text})


def taken(code: str, secret: str, **change: str) -> Any:
    sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER,
            "client_id": "east-zone", "client_secret": secret} | change  # fmt: skip
    return Browser().post("/oidc/token", sent)


def coded(browser: Browser, place: Place, **change: str) -> str:
    return agree(browser, asked(**change), place.firm)["code"]


def asking(token: str) -> Any:
    return Browser().get("/oidc/userinfo", headers={"Authorization": f"Bearer {token}"})


def citizen(place: Place, actor: Actor, now: datetime) -> str:
    person = registry.NewSubject(new_id("subject"), SubjectKind.PERSON, "林小满", "990102", number=NUMBER)
    registry.register_subject(subject=person, by=actor, as_of=now)
    offices.give_mandate(account_id=place.owner, subject_id=person.id, source="register", by=actor, as_of=now)
    return person.id


def test_there_is_nothing_until_a_platform_is_on_the_list(signed_in: Browser, actor: Actor, now: datetime) -> None:
    paths = ("/.well-known/openid-configuration", "/oidc/keys", "/oidc/userinfo", asked())
    assert [signed_in.get(path).status_code for path in paths] == [404] * 4
    assert signed_in.post("/oidc/token").status_code == signed_in.post("/oidc/revoke").status_code == 404


class TestTheWholeWay:
    """Our own client against our own issuer."""

    def test_somebody_agrees_and_is_known_there(self, secret: str, place: Place, signed_in: Browser) -> None:
        platform = Platform(secret, "openid profile acting")
        departure = platform.depart()
        page = signed_in.get(path_of(departure))
        words = page.content.decode()
        assert "让东区平台知道您是谁吗" in words
        assert "林＊满" in words
        assert "form-action 'self' https://east.example.org" in page["Content-Security-Policy"]
        proven = platform.arrive(departure, agree(signed_in, path_of(departure), place.firm))
        assert (proven.issuer, proven.name, proven.citizen_number) == (ISSUER, "林＊满", "")
        assert place.owner not in proven.subject_name
        assert [fact.kind for fact in ledger.entries_about(place.firm)].count("vouching.permitted") == 1

    def test_what_was_let_is_not_asked_again(self, secret: str, place: Place, signed_in: Browser) -> None:
        platform = Platform(secret, "openid acting")
        first, second = platform.depart(), platform.depart()
        known = platform.arrive(first, agree(signed_in, path_of(first), place.firm))
        assert platform.arrive(second, answer_in(signed_in.get(path_of(second)))) == known
        assert signed_in.get(asked(scope="openid acting name")).status_code == 200
        assert signed_in.get(asked(scope="openid", prompt="consent")).status_code == 200

    def test_the_name_and_the_number_are_let_one_by_one(
        self, secret: str, place: Place, signed_in: Browser, actor: Actor, now: datetime
    ) -> None:
        me = citizen(place, actor, now)
        platform = Platform(secret, "openid profile name citizen_number")
        departure = platform.depart()
        without = platform.arrive(departure, agree(signed_in, path_of(departure), me))
        assert (without.name, without.citizen_number) == ("林＊满", "")
        departure = platform.depart()
        path = path_of(departure) + "&prompt=consent"
        proven = platform.arrive(departure, agree(signed_in, path, me, "name", "citizen_number"))
        assert (proven.name, proven.citizen_number) == ("林小满", NUMBER)
        notes = facts.access_notes(me, scope=Scope.system("test"))
        assert [(note.purpose, note.facts) for note in notes] == [("sign_on:east-zone", ("citizen_number",))]
        assert "东区平台" in signed_in.get(f"/my/readings/?as={me}").content.decode()

    def test_no_number_is_told_for_another_and_none_once_the_mandate_ended(
        self, secret: str, place: Place, signed_in: Browser, actor: Actor, now: datetime, monkeypatch: Any
    ) -> None:
        me = citizen(place, actor, now)
        scope = "openid acting citizen_number"
        code = agree(signed_in, asked(scope=scope), place.firm, "citizen_number")["code"]
        told = asking(taken(code, secret).json()["access_token"]).json()
        assert (told["acting"], told["acting_name"], "citizen_number" in told) == ("firm", "0号厂", False)
        code = agree(signed_in, asked(scope=scope, prompt="consent"), me, "citizen_number")["code"]
        token = taken(code, secret).json()["access_token"]
        assert asking(token).json()["citizen_number"] == NUMBER
        held = next(one for one in _mandates(place, now) if one.subject == me)
        offices.end_mandate(mandate_id=held.id, on=(now + timedelta(days=1)).date(), by=actor, as_of=now)
        assert {*asking(token).json()} > {"sub", "acting"}
        monkeypatch.setattr("zhida.services.vouching.signing_on.TOKEN_S", 9 * 86400)
        code = agree(signed_in, asked(scope=scope, prompt="consent"), me, "citizen_number")["code"]
        token = taken(code, secret).json()["access_token"]
        monkeypatch.setattr(wiring, "clock", lambda: Still(now + timedelta(days=2)))
        assert {*asking(token).json()} == {"sub"}

    def test_two_platforms_cannot_tell_that_they_know_the_same_person(
        self, secret: str, place: Place, signed_in: Browser, actor: Actor, now: datetime
    ) -> None:
        other = added("west-zone", (), actor, now)
        names = []
        for platform in (Platform(secret, "openid"), Platform(other, "openid", "west-zone")):
            departure = platform.depart()
            names.append(platform.arrive(departure, agree(signed_in, path_of(departure), place.firm)).subject_name)
        assert len(set(names)) == 2

    def test_a_fresh_key_signs_and_the_platform_finds_it(self, secret: str, place: Place, signed_in: Browser) -> None:
        platform = Platform(secret, "openid")
        first = platform.depart()
        platform.arrive(first, agree(signed_in, path_of(first), place.firm))
        before = Browser().get("/oidc/keys").json()["keys"]
        wiring.voucher().rotate()
        second = platform.depart()
        platform.arrive(second, answer_in(signed_in.get(path_of(second))))
        after = Browser().get("/oidc/keys").json()["keys"]
        assert [*map(_kid, after[1:])] == [*map(_kid, before)]
        assert all(set(key) == {"kty", "n", "e", "use", "alg", "kid"} for key in after)

    def test_whoever_is_asked_anew_says_who_they_are_again(self, secret: str, place: Place, signed_in: Browser) -> None:
        platform = Platform(secret, "openid")
        sent = signed_in.get(path_of(platform.depart(again=True)))
        assert sent["Location"].startswith("/account/reauthenticate/?next=%2Foidc%2Fauthorize")
        assert "login" not in sent["Location"]
        assert Browser().get(path_of(platform.depart(again=True)))["Location"].startswith("/account/login/?next=")


def _kid(key: dict[str, str]) -> str:
    return key["kid"]


def _mandates(place: Place, now: datetime) -> Any:
    from zhida.kernel.offices import queries

    return queries.mandates(place.owner, now)


class TestRefused:
    """Whatever is spoilt gives no code, no token and no word about anybody."""

    @pytest.mark.parametrize("change", [
        {"client_id": "nobody"}, {"client_id": ""}, {"redirect_uri": f"{BACK}/"}, {"redirect_uri": f"{BACK}?x=1"},
        {"redirect_uri": "https://evil.example.org/back"}, {"redirect_uri": BACK.replace("https", "http")},
        {"redirect_uri": ""}, {"client_id": "east-zone "},
    ])  # fmt: skip
    def test_nobody_is_sent_where_the_platform_did_not_say(
        self, secret: str, signed_in: Browser, change: dict[str, str]
    ) -> None:
        answer = signed_in.get(asked(**change))
        assert answer.status_code == 403
        assert "不能从那里登录" in answer.content.decode()
        assert "Location" not in answer.headers

    @pytest.mark.parametrize(("change", "code"), [
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": ""}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"scope": "openid email"}, "invalid_scope"),
        ({"request": "x"}, "request_not_supported"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "none"}, "consent_required"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"nonce": "n" * 256}, "invalid_request"),
    ])  # fmt: skip
    def test_a_request_that_is_not_good_goes_back_with_its_error(
        self, secret: str, signed_in: Browser, change: dict[str, str], code: str
    ) -> None:
        assert answer_in(signed_in.get(asked(**change))) == {"error": code, "state": "s", "iss": ISSUER}

    def test_a_scope_said_twice_and_a_log_in_that_nobody_sees(self, secret: str, signed_in: Browser) -> None:
        assert answer_in(signed_in.get(asked() + "&scope=openid"))["error"] == "invalid_request"
        assert answer_in(Browser().get(asked(prompt="none")))["error"] == "login_required"
        assert Browser().get(asked())["Location"].startswith("/account/login/?next=/oidc/authorize")

    def test_who_does_not_agree_goes_back_unknown(self, secret: str, place: Place, signed_in: Browser) -> None:
        assert answer_in(signed_in.post(asked(), {"answer": "no"}))["error"] == "access_denied"
        assert signed_in.post(asked(), {"answer": "let", "subject": place.other})["Location"] == asked()
        strict = Browser(enforce_csrf_checks=True)
        strict.force_login(Account.objects.get(pk=place.owner))
        assert strict.post(asked(), {"answer": "let", "subject": place.firm}).status_code == 403

    @pytest.mark.parametrize("change", [
        {"code_verifier": "b" * 43}, {"code_verifier": ""}, {"redirect_uri": "https://east.example.org/"},
        {"code": "guessed"},
    ])  # fmt: skip
    def test_a_code_is_good_for_its_own_journey_only(
        self, secret: str, place: Place, signed_in: Browser, change: dict[str, str]
    ) -> None:
        code = coded(signed_in, place)
        refused = taken(change.get("code", code), secret, **{k: v for k, v in change.items() if k != "code"})
        assert (refused.status_code, refused.json()) == (400, {"error": "invalid_grant"})
        assert taken(code, secret).status_code == (200 if "code" in change else 400)

    def test_a_code_used_again_ends_what_it_gave(self, secret: str, place: Place, signed_in: Browser) -> None:
        code = coded(signed_in, place)
        token = taken(code, secret).json()["access_token"]
        assert asking(token).status_code == 200
        assert taken(code, secret).json() == {"error": "invalid_grant"}
        assert asking(token).status_code == 401

    def test_a_code_and_a_token_expire(
        self, secret: str, place: Place, signed_in: Browser, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        late = coded(signed_in, place)
        good = answer_in(signed_in.get(asked()))["code"]
        token = taken(good, secret).json()["access_token"]
        monkeypatch.setattr(wiring, "clock", lambda: Still(now + timedelta(seconds=60)))
        assert taken(late, secret).json() == {"error": "invalid_grant"}
        assert asking(token).status_code == 200
        monkeypatch.setattr(wiring, "clock", lambda: Still(now + timedelta(seconds=600)))
        assert asking(token).status_code == 401

    def test_another_platform_and_a_wrong_secret_get_nothing(
        self, secret: str, place: Place, signed_in: Browser, actor: Actor, now: datetime
    ) -> None:
        other = added("west-zone", (), actor, now)
        public = added("phones", (), actor, now, keeps_secrets=False)
        code = coded(signed_in, place)
        wrong = taken(code, "wrong")
        assert (wrong.status_code, wrong.json(), "WWW-Authenticate" in wrong) == (
            401,
            {"error": "invalid_client"},
            True,
        )
        assert taken(code, "").status_code == taken(code, public, client_id="east-zone").status_code == 401
        assert taken(code, other, client_id="west-zone").json() == {"error": "invalid_grant"}
        assert taken(code, "x", client_id="phones").status_code == 401
        assert taken(code, secret, grant_type="password").json() == {"error": "unsupported_grant_type"}
        assert taken(code, secret).status_code == 200

    def test_our_client_believes_no_answer_of_another_journey(
        self, secret: str, place: Place, signed_in: Browser
    ) -> None:
        platform = Platform(secret, "openid")
        departure, other = platform.depart(), platform.depart()
        answer = agree(signed_in, path_of(departure), place.firm)
        with pytest.raises(AccessError, match="identity_not_proven"):
            platform.arrive(Departure("", {**departure.kept, "nonce": "of another"}), answer)
        with pytest.raises(AccessError, match="identity_not_proven"):
            platform.arrive(other, answer)


class TestTakenBack:
    """A person, an operator or a closed account ends what a platform is told."""

    def test_the_person_sees_it_and_takes_it_back(self, secret: str, place: Place, signed_in: Browser) -> None:
        token = taken(coded(signed_in, place, scope="openid profile"), secret).json()["access_token"]
        page = signed_in.get("/my/consents/").content.decode()
        assert "东区平台" in page
        action = page.split('action="/my/platforms/')[1].split('"')[0]
        stranger = Browser()
        stranger.force_login(Account.objects.get(pk=place.stranger))
        stranger.post(f"/my/platforms/{action}")
        assert asking(token).status_code == 200
        assert signed_in.post(f"/my/platforms/{action}").status_code == 302
        assert asking(token).status_code == 401
        assert answer_in(signed_in.get(asked(prompt="none")))["error"] == "consent_required"
        assert "vouching.withdrawn" in [fact.kind for fact in ledger.entries_about(place.firm)]

    def test_a_code_on_its_way_is_worth_nothing_once_it_was_taken_back(
        self, secret: str, place: Place, signed_in: Browser
    ) -> None:
        code = coded(signed_in, place)
        page = signed_in.get("/my/consents/").content.decode()
        signed_in.post("/my/platforms/" + page.split('action="/my/platforms/')[1].split('"')[0])
        assert taken(code, secret).json() == {"error": "invalid_grant"}

    def test_the_platform_ends_its_own(self, secret: str, place: Place, signed_in: Browser) -> None:
        token = taken(coded(signed_in, place), secret).json()["access_token"]
        sent = {"token": token, "client_id": "east-zone", "client_secret": secret}
        assert Browser().post("/oidc/revoke", {**sent, "client_secret": "x"}).status_code == 401
        assert asking(token).status_code == 200
        assert Browser().post("/oidc/revoke", sent).status_code == 200
        assert asking(token).status_code == 401

    def test_a_platform_off_the_list_is_told_nothing(
        self, secret: str, place: Place, signed_in: Browser, actor: Actor, now: datetime
    ) -> None:
        added("west-zone", (), actor, now)
        token = taken(coded(signed_in, place), secret).json()["access_token"]
        clients.close_client(client_id="east-zone", by=actor, as_of=now)
        assert asking(token).status_code == 401
        assert signed_in.get(asked()).status_code == 403
        with pytest.raises(ConflictError, match="client_taken"):
            added("east-zone", (), actor, now)

    def test_a_closed_account_is_nobody(self, secret: str, place: Place, signed_in: Browser) -> None:
        code = coded(signed_in, place)
        later = answer_in(signed_in.get(asked()))["code"]
        token = taken(code, secret).json()["access_token"]
        close_account(account_id=place.owner)
        assert asking(token).status_code == 401
        assert taken(later, secret).json() == {"error": "invalid_grant"}


def test_who_asks_too_often_waits(secret: str, signed_in: Browser, settings: Any) -> None:
    settings.ZHIDA_RATES = {"logins": (2, 60), "tokens": (2, 60)}
    assert [signed_in.get(asked()).status_code for _ in range(3)] == [200, 200, 429]
    answers = [taken("x", secret) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [400, 400, 429]
    assert answers[2]["Content-Type"].startswith("application/problem+json")
