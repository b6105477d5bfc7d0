"""Who visits what: sessions of people and officers, and addresses drawn from what is there."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from benchmarks.load.client import Visit

Mix = dict[str, tuple[float, list[Visit]]]
_MANY, _PEOPLE, _OFFICERS = 120, 60, 20
SEARCHES = (
    "补贴",
    "研发费用",
    "butie",
    "yfbt",
    "稳岗",
    "高新技术企业 奖励",
    "〔2026〕12号",
    "就业",
    "zhongxiao qiye",
    "贷款贴息",
    "设备更新",
    "人才引进",
    "税收",
    "出口",
    "创业 大学生",
    "专精特新",
    "绿色",
    "数字化",
    "物流",
    "补帖",
)


def mix(seed: int) -> Mix:
    """The pages with their shares: six in ten public, the rest people's own pages and officers' desks."""
    chance = random.Random(seed)
    items, policies, cases, offices = _drawn(chance)
    firms = _firms(chance)
    people = [_cookie(login) for login in _some(chance, list(_logins("person")))[:_PEOPLE]]
    reviewers = {login: _cookie(login) for login in sorted({offices[office] for _, office in cases})}
    supervisor = _cookie("supervisor")
    officers = list(reviewers.values())[:_OFFICERS]
    desks = ("/desk/", "/desk/?stand=late", "/desk/?q=m0", "/desk/?sort=risk", "/desk/?stand=soon")
    found: Mix = {
        "home": (0.14, [Visit("", "/")]),
        "search": (0.18, [Visit("", f"/policies/?q={quote(words)}") for words in SEARCHES]),
        "list": (
            0.04,
            [Visit("", f"/policies/?audience=organisation{more}") for more in ("", "&sort=deadline", "&page=3")],
        ),
        "policy": (0.10, [Visit("", f"/policies/{one}/") for one in policies]),
        "item": (0.14, [Visit("", f"/items/{one}/") for one in items]),
        "calculator": (0.02, [Visit("", "/calculator/")]),
        "result": (0.03, [Visit("", f"/calculator/result/?firm={one}") for one in firms]),
        "my space": (0.10, [Visit("", "/my/", one) for one in people]),
        "my cases": (0.04, [Visit("", "/my/cases/", one) for one in people]),
        "claim": (0.02, [Visit("", f"/my/claim/{one}/", chance.choice(people)) for one in items[:100]]),
        "worklist": (0.12, [Visit("", path, one) for path in desks for one in officers]),
        "case": (0.06, [Visit("", f"/desk/cases/{case}/", reviewers[offices[office]]) for case, office in cases]),
        "supervision": (0.01, [Visit("", "/desk/supervision/", supervisor)]),
        "outreach": (0.005, [Visit("", "/desk/outreach/", supervisor)]),
        "figures": (0.005, [Visit("", "/figures/")]),
    }
    return {page: (share, [Visit(page, one.path, one.cookie) for one in ones]) for page, (share, ones) in found.items()}


def people_of(pages: Mix) -> dict[str, int]:
    """How many people and how many officers have logged in."""
    cookies = {page: {one.cookie for one in visits} for page, (_, visits) in pages.items()}
    mine, desk = ("my space", "my cases", "claim"), ("worklist", "case", "supervision", "outreach")
    return {
        name: len(set().union(*(cookies.get(page, set()) for page in group)) - {""})
        for name, group in (("people", mine), ("officers", desk))
    }


def _drawn(chance: random.Random) -> tuple[list[str], list[str], list[tuple[str, str]], dict[str, str]]:
    """Items, policies, cases under review with their offices, and the reviewer of each office."""
    from zhida.kernel.cases.models import Case
    from zhida.kernel.catalogue.models import ItemRow, Policy
    from zhida.kernel.offices.models import Duty

    duties = Duty.objects.filter(role="reviewer", account__login_name__startswith="reviewer")
    reviewers = dict(duties.values_list("office_id", "account__login_name"))
    waiting = Case.objects.filter(state="in_review", office__in=reviewers).order_by("pk")
    rows = list(waiting.values_list("pk", "office")[: 20 * _MANY])
    items = list(ItemRow.objects.order_by("item").values_list("item", flat=True))
    policies = list(Policy.objects.order_by("id").values_list("id", flat=True))
    return _some(chance, items), _some(chance, policies), _some(chance, rows), reviewers


def _firms(chance: random.Random) -> list[str]:
    """Credit codes of firms."""
    from zhida.kernel.registry.models import Subject

    rows = Subject.objects.exclude(credit_code="").exclude(credit_code=None).order_by("key")
    return _some(chance, list(rows.values_list("credit_code", flat=True)))


def _some(chance: random.Random, ones: Sequence) -> list:
    return chance.sample(list(ones), min(_MANY, len(ones)))


def _logins(begins: str) -> Iterator[str]:
    from zhida.kernel.accounts.models import Account

    yield from (
        Account.objects.filter(login_name__startswith=begins)
        .order_by("login_name")
        .values_list("login_name", flat=True)
    )


def _cookie(login: str) -> str:
    """A session as a log-in leaves it."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from zhida.kernel.accounts.models import Account

    account = Account.objects.get(login_name=login)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = account.pk, settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
