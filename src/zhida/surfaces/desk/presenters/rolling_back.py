"""Roll-backs: what waits for a second person, and what can be proposed."""

from __future__ import annotations

from datetime import datetime

from zhida.domain.values import new_id
from zhida.kernel.accounts import queries as accounts
from zhida.kernel.catalogue import queries as catalogue
from zhida.services.authoring import publishing
from zhida.services.authoring.records import RollbackRecord
from zhida.surfaces.desk.acts import Act
from zhida.surfaces.desk.control_records import Card
from zhida.surfaces.desk.drafting_records import RollbackPage
from zhida.surfaces.desk.officers import Officer
from zhida.surfaces.desk.presenters.drafts import choices_of, places_of, published
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Question, told
from zhida.surfaces.look.telling.policies import in_words

BACK, CONFIRM, WITHDRAW = "back", "confirm-", "withdraw-"

__all__ = ["BACK", "published", "rollback_page"]


def rollback_page(officer: Officer, as_of: datetime) -> RollbackPage:
    """The page."""
    found = publishing.rollbacks(places_of(officer))
    standing = published(officer, as_of)
    headline = say("{n} 次退回等确认", n=len(found)) if found else say("没有等确认的退回")
    acts: tuple[Act, ...] = ()
    if standing:
        asked = Question("withdrawn", say("退掉哪一件的现行版本"), "select", choices=choices_of(standing))
        hint = say("第二人确认后，现行版本失效，上一个版本重新生效；在办的件照它提交时的版本办完。")
        words, why = say("提出退回，等第二人确认"), say("为什么退回")
        acts = (Act(BACK, words, hint, "", why, (asked,), token=new_id("rollback")),)
    return RollbackPage(headline, tuple(_card(one, officer) for one in found), acts)


def _card(one: RollbackRecord, officer: Officer) -> Card:
    names = accounts.names_of({one.proposed_by})
    record = catalogue.revision_record(one.revision)
    acts = [Act(f"{WITHDRAW}{one.id}", say("撤回"))]
    if officer.account != one.proposed_by:
        acts.insert(0, Act(f"{CONFIRM}{one.id}", say("确认退回"), "", "stop"))
    return Card(
        title=say("退回：{title}，第 {n} 版", title=in_words(record.title_zh, record.title_en), n=record.number),
        rows=told((say("理由"), one.reason), (say("提出人"), names.get(one.proposed_by, ""))),
        acts=tuple(acts),
        next_words=say("等另一个人确认。"),
        fact="",
    )
