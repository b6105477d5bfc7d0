"""What the log-in page shows: identity services that are trusted, and the accounts of a demonstration."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import template
from django.conf import settings

from zhida.domain.values import Scope
from zhida.kernel.accounts import queries as accounts
from zhida.kernel.offices import queries as offices
from zhida.kernel.ports import clock
from zhida.kernel.registry import queries as registry
from zhida.services.demonstration.cast import PASSWORD
from zhida.services.identities.ports import Provider, identities
from zhida.surfaces.look.language import Text, say, spoken
from zhida.surfaces.look.telling.offices import ROLE_NAMES, office_name
from zhida.surfaces.look.telling.policies import AUDIENCES
from zhida.surfaces.portal.shared_logins import is_shared, told

register = template.Library()


@dataclass(frozen=True)
class DemoAccount:
    """An account to try, and in a few words who it is."""

    login_name: str
    name: str
    words: str


@register.simple_tag
def demo_accounts() -> tuple[DemoAccount, ...]:
    """The accounts of a demonstration; none anywhere else."""
    if not getattr(settings, "ZHIDA_DEMO", False):
        return ()
    as_of = clock().now()
    claimants: list[DemoAccount] = []
    officers: list[DemoAccount] = []
    for one in accounts.demo_accounts():
        duties = offices.duties_of(one.id, as_of)
        roles = (say("{office}，{role}", office=office_name(duty.office), role=say(ROLE_NAMES[duty.role]))
                 for duty in duties if duty.role in ROLE_NAMES)  # fmt: skip
        words = next(roles, "")
        (officers if words else claimants).append(DemoAccount(one.login_name, one.name, words or _kinds(one.id, as_of)))
    return (*claimants, *officers)


@register.simple_tag(takes_context=True)
def shared_login(context: dict[str, Any]) -> str:
    """Why this log-in takes no key and no other password; empty for one that belongs to somebody."""
    return told() if is_shared(context["request"]) else ""


def _kinds(account_id: str, as_of: datetime) -> str:
    """For whom an account that holds no duty may act, in a word."""
    ids = sorted(offices.mandates_of(account_id, as_of))
    found = registry.subjects(ids, scope=Scope.own(frozenset(ids), "own"))
    return say("、").join(say(AUDIENCES[kind]) for kind in sorted({one.kind for one in found.values()}))


@register.simple_tag
def identity_services() -> tuple[tuple[str, Text], ...]:
    """The services that can say who somebody is: what each is called in addresses, and to people."""
    return tuple((one.name, _title(one)) for one in identities().providers())


def _title(one: Provider) -> Text:
    lang = spoken() if spoken() in one.titles else "zh" if "zh" in one.titles else next(iter(one.titles))
    return Text(one.titles[lang], lang)


@register.filter
def service_title(way: str) -> Text:
    """What to call the service of a way to be known again (`identity:NAME`); empty for other ways."""
    found = {one.name: _title(one) for one in identities().providers()}
    return found.get(way.partition("identity:")[2], Text(""))


@register.simple_tag
def demo_password() -> str:
    """The one password of every demonstration account."""
    return PASSWORD
