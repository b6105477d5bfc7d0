"""For how many an item is, as a form: places, a sum, who comes first by which values, and what becomes of equals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from zhida.domain.packs import Dictionary, Pack
from zhida.domain.packs.sentences import PERIODS
from zhida.domain.packs.sentences import words_of_period as period_words
from zhida.services.authoring import checking
from zhida.services.authoring.quotas import FIRST_COME, OPEN, PRO_RATA, RANKED, Rationing, rationing_of
from zhida.services.authoring.records import DraftRecord
from zhida.services.authoring.sheets import Sheet
from zhida.surfaces.desk.drafting_records import DraftHead
from zhida.surfaces.desk.presenters import entries
from zhida.surfaces.desk.presenters.composing import how_question, item_title
from zhida.surfaces.desk.presenters.drafts import head_of
from zhida.surfaces.desk.presenters.formulas import TIES, fact_and_period, in_words, rationing_said
from zhida.surfaces.desk.presenters.saying import known_facts, name_of
from zhida.surfaces.look.language import say, spoken
from zhida.surfaces.look.parts import Choice, Question

ORDER_WORDS = {
    OPEN: "不限，符合的都给",
    FIRST_COME: "先到先得",
    RANKED: "按数的高低排",
    PRO_RATA: "都给，一笔钱按各人该得的比例分",
}
FIRST = {"high": "高的在前", "low": "低的在前"}
KEYS = 3
Texts = Mapping[str, str]


@dataclass(frozen=True)
class KeyFields:
    """One value that an order goes by: of which period, the higher first or the lower."""

    number: int
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class QuotaPage:
    """For how many an item is: how many, in which order, by which values."""

    head: DraftHead
    item: str
    title: str
    said: str
    questions: tuple[Question, ...]
    keys: tuple[KeyFields, ...]
    ties: Question
    how: Question
    known: tuple[tuple[str, str], ...]
    back: str
    clauses: tuple[tuple[str, str, str], ...]
    faults: Texts = field(default_factory=dict)


def quota_page(draft: DraftRecord, item: str, typed: Texts, faults: Texts) -> QuotaPage | None:
    """For how many an item of a sound draft is; None where there is no such item."""
    reading = checking.read(draft)
    pack, dictionary = reading.pack, reading.root.dictionary
    if pack is None or item not in pack.items:
        return None
    now = rationing_of(Sheet(draft), item)
    ties = {value: say(words) for value, words in TIES.items()}
    return QuotaPage(
        head_of(draft, "rules"), item, say("给多少人：{title}", title=item_title(pack, item)),
        rationing_said(now, pack, dictionary), tuple(_limits(now, pack.items[item].pays, typed, faults)),
        tuple(_keys(now, pack, dictionary, typed, faults)),
        _chosen("ties", say("并列的怎么办"), ties, now.ties, typed, faults),
        how_question(typed.get("how", "ask")), known_facts(pack, dictionary), entries.entry_href(draft, "items", item),
        entries.cited(pack, tuple(pack.items[item].cites), draft), faults,
    )  # fmt: skip


def shown(feel: str, pack: Pack, dictionary: Dictionary) -> tuple[str, str]:
    """An expression as the field of a value holds it, and the period beside it."""
    fact, period = fact_and_period(feel)
    return (name_of(fact, pack, dictionary), period) if fact else (in_words(feel, pack, dictionary), "")


def _limits(now: Rationing, pays: bool, typed: Texts, faults: Texts) -> Iterator[Question]:
    orders = {one: say(words) for one, words in ORDER_WORDS.items() if pays or one != PRO_RATA or one == now.order}
    yield _chosen("order", say("谁先谁后"), orders, now.order, typed, faults)
    yield _text("n", say("多少个名额"), str(now.n or ""), typed, faults, say("不限个数的不填"))
    if pays or now.total_yuan:
        yield _text("total", say("总共多少元"), str(now.total_yuan or ""), typed, faults, say("不限总额的不填"))


def _keys(now: Rationing, pack: Pack, dictionary: Dictionary, typed: Texts, faults: Texts) -> Iterator[KeyFields]:
    periods = {one: period_words(one, spoken()) or say("不分期") for one in PERIODS}
    first = {value: say(words) for value, words in FIRST.items()}
    typed_keys = max((at for at in range(1, 100) if typed.get(f"by-{at}")), default=0)
    for number in range(1, max(KEYS, len(now.by) + 1, typed_keys) + 1):
        rank = now.by[number - 1] if number <= len(now.by) else None
        words, period = shown(rank.feel, pack, dictionary) if rank else ("", "")
        is_high = "high" if rank is None or rank.is_high else "low"
        yield KeyFields(number, (
            _text(f"by-{number}", say("看哪个数"), words, typed, faults),
            _chosen(f"by-{number}-period", say("上面这个数是哪一期的"), periods, period, typed, faults),
            _chosen(f"first-{number}", say("谁在前"), first, is_high, typed, faults),
        ))  # fmt: skip


def _text(name: str, label: str, value: str, typed: Texts, faults: Texts, why: str = "") -> Question:
    value = typed.get(name, value)
    return Question(name, label, "text", why, value=value, fault=faults.get(name, ""), is_optional=True)


def _chosen(name: str, label: str, choices: Texts, now: str, typed: Texts, faults: Texts) -> Question:
    chosen = typed.get(name, now)
    told = tuple(Choice(value, words, value == chosen) for value, words in choices.items())
    return Question(name, label, "select", choices=told, fault=faults.get(name, ""))
