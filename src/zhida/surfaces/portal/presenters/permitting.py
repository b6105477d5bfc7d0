"""Before another platform is told of somebody: who asks, what they would be told, for whom one acts there."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from zhida.services.vouching import clients, permitting
from zhida.services.vouching.claims import ASKED_ALONE, acting_kind, hidden
from zhida.services.vouching.clients import ClientRecord
from zhida.services.vouching.permitting import PermissionRecord
from zhida.surfaces.look.language import say, spoken
from zhida.surfaces.look.telling.offices import office_name
from zhida.surfaces.portal.persons import Person
from zhida.surfaces.portal.records.permits import ActingChoice, PermitPage, PlatformLine, ToldLine

LABELS = {
    "openid": "编号",
    "profile": "怎么称呼您",
    "acting": "您替谁办事",
    "name": "完整的姓名",
    "citizen_number": "身份证号码",
}
KINDS = {"self": "我自己", "firm": "一家企业", "family": "一个家庭", "mandate": "受委托"}


def is_asked_alone(scope: str) -> bool:
    """Whether somebody lets it apart from the rest: what is personal or sensitive."""
    return scope in ASKED_ALONE


def permit_page(
    person: Person, client: ClientRecord, scopes: Collection[str], held: PermissionRecord | None
) -> PermitPage:
    """What the platform asks of this account; what was let before stands ticked."""
    values = {
        "openid": say("只给这个平台用，不是证件号，别的平台对不上"),
        "profile": say("{name}，中间遮住；还有您用的语言", name=hidden(person.name)),
        "acting": say("企业的名称和统一社会信用代码；人和家庭的名称中间遮住"),
        "name": person.name,
        "citizen_number": say("只在您替自己办事时给，每给一次都记进“谁看过我的信息”"),
    }
    before = held.scopes if held else frozenset()
    lines = [ToldLine(one, say(words), values[one], one in before) for one, words in LABELS.items() if one in scopes]
    ids = [one.id for one in person.subjects]
    wanted = held.subject if held else person.subject.id if person.subject else ""
    chosen = wanted if wanted in ids or not ids else ids[0]
    acting = tuple(
        ActingChoice(one.id, one.name, say(KINDS[acting_kind(one, person.subjects)]), one.id == chosen)
        for one in person.subjects
    )
    return PermitPage(
        title=_title(client.titles),
        office=office_name(client.office),
        host=urlsplit(client.redirects[0]).netloc,
        account=person.name,
        sure=tuple(one for one in lines if not is_asked_alone(one.scope)),
        alone=tuple(one for one in lines if is_asked_alone(one.scope)),
        acting=acting,
    )


def platform_lines(person: Person) -> tuple[PlatformLine, ...]:
    """The platforms that this account logs in to through us, those taken back last."""
    held = permitting.permissions_of(person.account)
    titles, names = clients.titles(), {one.id: one.name for one in person.subjects}
    lines = [
        PlatformLine(
            id=one.id,
            title=_title(titles[one.client_id]),
            told=say("、").join(say(words) for scope, words in LABELS.items() if scope in one.scopes),
            acting=names.get(one.subject, ""),
            given_at=one.given_at,
            used_at=one.used_at,
            uses=one.uses,
            ended_at=one.withdrawn_at,
        )
        for one in held
    ]
    return tuple(sorted(lines, key=lambda line: line.ended_at is not None))


def platform_named(client_id: str) -> str:
    """What to call a platform."""
    return _title(clients.titles().get(client_id, (client_id, client_id)))


def _title(titles: tuple[str, str]) -> str:
    return titles[1] if spoken() == "en" else titles[0]
