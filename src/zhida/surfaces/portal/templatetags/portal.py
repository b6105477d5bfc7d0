"""What the log-in page of a demonstration shows: the accounts anybody may try."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.conf import settings

from zhida.kernel.accounts import queries as accounts
from zhida.kernel.offices import queries as offices
from zhida.kernel.ports import clock
from zhida.services.demonstration.cast import PASSWORD
from zhida.surfaces.look.language import say
from zhida.surfaces.look.telling.offices import ROLE_NAMES, office_name

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
    found = []
    for one in accounts.demo_accounts():
        duties = offices.duties_of(one.id, as_of)
        roles = (say("{office}，{role}", office=office_name(duty.office), role=say(ROLE_NAMES[duty.role]))
                 for duty in duties if duty.role in ROLE_NAMES)  # fmt: skip
        found.append(DemoAccount(one.login_name, one.name, next(roles, "") or say("办事的人")))
    return tuple(found)


@register.simple_tag
def demo_password() -> str:
    """The one password of every demonstration account."""
    return PASSWORD
