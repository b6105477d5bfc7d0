"""A made-up installation behind the API: a policy that asks and is confirmed, one that pays by the head, two firms."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from tests.unit.kernel.made_up_packs import MadeUp, root_files
from zhida.config import wiring
from zhida.domain import packs
from zhida.domain.values import Actor, SubjectKind, local_date, new_id
from zhida.kernel.accounts.actions import open_account
from zhida.kernel.accounts.models import Account
from zhida.kernel.catalogue import actions as catalogue
from zhida.kernel.offices import actions as offices
from zhida.kernel.registry import actions as registry

HEADS = MadeUp(review="review: {by: owner, within_working_days: 5}")
ASKING = MadeUp(
    name="asking",
    when='staff >= 10 and share >= 0.25 and begun_on <= date("2026-01-31")',
    cases="""  - name: 够
    facts: {staff: 10, share: 0.25, begun_on: 2026-01-31, wages_fen: 100}
    rulings: {honest: true}
    pay: {answer: entitled, amount_fen: 100}
  - name: 差一人
    facts: {staff: 9, share: 0.25, begun_on: 2026-01-31, wages_fen: 100}
    pay: {answer: not, because: [enough]}
""",
    review="review: {by: owner, within_working_days: 5}",
)
_FORM = """questions:
  share: {kind: number, scale: 2}
  begun_on: {kind: date}
"""
_ASKED = {
    "items.yaml": (b"claim: automatic", b"claim: applied"),
    "words/zh.yaml": (
        b"requirements:\n",
        b"questions: {share: S, begun_on: B}\nrequirements:\n",
    ),
    "words/en.yaml": (b"requirements:\n", b"questions: {share: share, begun_on: begun on}\nrequirements:\n"),
}
_PROMISE = {
    "items.yaml": (b"requires: [enough]", b"requires: [enough, honest]"),
    "rules.yaml": (b"amounts:\n", b"  honest: {kind: undertaken, cites: [a1]}\namounts:\n"),
    "words/zh.yaml": (b"requirements:\n", b"requirements:\n  honest: {title: Z, met: Z}\n"),
    "words/en.yaml": (b"requirements:\n", b"requirements:\n  honest: {title: E, met: E}\n"),
}


def installed_files() -> dict[str, bytes]:
    """Both packs with the dictionary."""
    files = {**root_files(HEADS, ASKING), f"{ASKING.id}/form.yaml": _FORM.encode()}
    for changes in (_ASKED, _PROMISE):
        for path, (old, new) in changes.items():
            whole = f"{ASKING.id}/{path}"
            assert old in files[whole], path
            files[whole] = files[whole].replace(old, new)
    return files


class Answer:
    """A response as tests read it."""

    def __init__(self, response: Any) -> None:
        self.status: int = response.status_code
        self.kind: str = response["Content-Type"].partition(";")[0]
        self.body: bytes = response.content
        self.headers = response.headers

    @property
    def json(self) -> Any:
        """The body's JSON."""
        return json.loads(self.body)

    @property
    def refusal(self) -> tuple[int, str]:
        """Status and code of a problem."""
        assert self.kind == "application/problem+json", self.body
        told = self.json
        assert told["status"] == self.status
        assert told["type"] == f"urn:zhida:problem:{told['code']}"
        return self.status, told["code"]


@dataclass
class Caller:
    """Somebody at the API, with a browser's session and the token that goes with it."""

    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True))
    token: str = ""

    def get(self, path: str, **query: Any) -> Answer:
        """GET below /api/v1."""
        return Answer(self.client.get(f"/api/v1{path}", query))

    def post(self, path: str, body: Any = None, **more: Any) -> Answer:
        """POST of JSON below /api/v1."""
        text = body if isinstance(body, str | bytes) else json.dumps({} if body is None else body)
        headers = {"X-CSRFToken": self.token} if self.token else {}
        sent = self.client.post(f"/api/v1{path}", text, content_type="application/json", headers=headers, **more)
        return Answer(sent)

    def log_in(self, account: str) -> Caller:
        """The same with a session."""
        self.client.force_login(Account.objects.get(pk=account))
        self.token = self.get("/my/session").json["csrf_token"]
        return self


@dataclass(frozen=True)
class Place:
    """What is installed: two firms, and who may act for the first of them."""

    firm: str
    other: str
    owner: str
    viewer: str
    stranger: str


@dataclass(frozen=True)
class Still:
    """A clock that stands."""

    instant: datetime

    def now(self) -> datetime:
        """Always the same."""
        return self.instant


@pytest.fixture
def anybody() -> Caller:
    """Somebody without a session."""
    return Caller()


@pytest.fixture
def published(db: None, actor: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Regions, offices, the dictionary and both packs, at the tests' instant."""
    monkeypatch.setattr(wiring, "clock", lambda: Still(now))
    install(installed_files(), actor, now)


def install(files: Mapping[str, bytes], actor: Actor, now: datetime) -> None:
    """Takes over a pack root and publishes its packs."""
    root = packs.read_root(files)
    assert not root.problems, root.problems
    tree = root.dictionary.code_trees["region"]
    offices.load_regions(regions=offices.regions_of(tree), by=actor, as_of=now)
    entries = root.dictionary.offices.values()
    offices.load_offices(
        offices=[
            offices.NewOffice(one.slug, one.region, one.words["zh"], one.under, one.words["en"]) for one in entries
        ],
        by=actor,
        as_of=now,
    )
    catalogue.publish_shared(files=files, by=actor, as_of=now)
    registry.load_dictionary(dictionary=root.dictionary, by=actor, as_of=now)
    for pack in root.packs.values():
        catalogue.publish(revision=packs.revision_of(root, pack), by=actor, as_of=now)


@pytest.fixture
def place(published: None, actor: Actor, now: datetime) -> Place:
    """Two firms with facts and bank accounts; one account owns the first, one may only look, one has nothing."""
    firms = [new_id("subject") for _ in range(2)]
    for number, firm in enumerate(firms):
        subject = registry.NewSubject(firm, SubjectKind.ORGANISATION, f"{number}号厂", "990102")
        registry.register_subject(subject=subject, by=actor, as_of=now)
        registry.register_account(
            account_id=new_id("account"),
            subject_id=firm,
            number="6222021234567890123",
            holder=f"{number}号厂",
            bank="甲银行",
            source="register",
            valid_from=local_date(now),
            by=actor,
            as_of=now,
        )
        facts: Mapping[str, Any] = {"place": "990102", "staff": 12, "wages_fen": 500_00}
        changes = [registry.Change(firm, key, value, "made up", local_date(now)) for key, value in facts.items()]
        registry.record_facts(changes=changes, by=actor, as_of=now)
    owner, viewer, stranger = (open_account(login_name=name, as_of=now) for name in ("owner", "viewer", "stranger"))
    offices.give_mandate(account_id=owner, subject_id=firms[0], source="register", by=actor, as_of=now)
    offices.give_mandate(account_id=viewer, subject_id=firms[0], powers={"view"}, source="x", by=actor, as_of=now)
    return Place(firms[0], firms[1], owner, viewer, stranger)


@pytest.fixture
def owner(place: Place) -> Caller:
    """Who may do everything for the first firm."""
    return Caller().log_in(place.owner)


@pytest.fixture
def viewer(place: Place) -> Caller:
    """Who may only look at it."""
    return Caller().log_in(place.viewer)


@pytest.fixture
def stranger(place: Place) -> Caller:
    """Who is logged in and may act for nobody."""
    return Caller().log_in(place.stranger)
