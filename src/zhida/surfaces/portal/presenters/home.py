"""The front page: what there is, what ends soon, what is new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from urllib.parse import quote

from django.urls import reverse

from zhida.domain.values import local_date
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import ItemCard, RevisionRecord
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Facet
from zhida.surfaces.look.telling.filing import topic_name
from zhida.surfaces.look.telling.offices import office_name
from zhida.surfaces.look.telling.policies import in_words, item_href, policy_href, state_of, window_of
from zhida.surfaces.portal.records import Door, Ending, Fresh, Home

SOON = timedelta(days=90)
SHOWN = 4
TOPICS = 8


def home(as_of: datetime) -> Home:
    """Everything the front page shows at an instant."""
    today = local_date(as_of)
    records = {record.pack_id: record for record in catalogue.policies(as_of=as_of)}
    cards = catalogue.item_cards(as_of=as_of)
    is_open = [card for card in cards if state_of(window_of(card), today)[0] == "yes"]
    return Home(
        today=today,
        figures=_figures(is_open, today),
        often=tuple(
            Facet(in_words(card.title_zh, card.title_en).text, item_href(card.item_id))
            for card in [card for card in is_open if card.claim == "automatic"][:3]
        ),
        policy_count=len(records),
        doors=_doors(cards, records),
        ending=_ending(is_open, today),
        fresh=tuple(
            _fresh(record, issued) for record in list(records.values())[:SHOWN] if (issued := record.issued_on)
        ),
    )


def _figures(cards: list[ItemCard], today: date) -> tuple[tuple[str, str], ...]:
    ends = [window_of(card).end for card in cards]
    soon = sum(end is not None and end <= today + timedelta(days=31) for end in ends)
    automatic = sum(card.claim == "automatic" for card in cards)
    return (
        (say("可以办的事项"), f"{len(cards):,}"),
        (say("其中免申即享"), f"{automatic:,}"),
        (say("一个月内截止"), f"{soon:,}"),
    )


def _doors(cards: Iterable[ItemCard], records: dict[str, RevisionRecord]) -> tuple[Door, ...]:
    calculator, result = reverse("portal:calculator"), reverse("portal:result")
    firm = Door(say("企业"), say("输入企业名称，算一算"), calculator, _topics(cards, records, ("organisation",)))
    asked = f"{result}?audience=person"
    return (firm, Door(say("个人"), say("不留姓名，算一算"), asked, _topics(cards, records, ("person", "household"))))


def _topics(
    cards: Iterable[ItemCard], records: dict[str, RevisionRecord], audiences: tuple[str, ...]
) -> tuple[Facet, ...]:
    counts: Counter[str] = Counter()
    for card in cards:
        if card.audience in audiences and card.pack_id in records:
            counts.update(records[card.pack_id].topics)
    page = reverse("portal:policies")
    return tuple(
        Facet(topic_name(topic), f"{page}?audience={audiences[0]}&topic={quote(topic)}", count)
        for topic, count in counts.most_common(TOPICS)
    )


def _ending(cards: list[ItemCard], today: date) -> tuple[Ending, ...]:
    closing = [(end, card) for card in cards if (end := window_of(card).end) and end - today <= SOON]
    closing.sort(key=lambda pair: (pair[0], pair[1].item_id))
    return tuple(
        Ending(
            in_words(card.title_zh, card.title_en),
            item_href(card.item_id),
            (end - today).days,
            end - timedelta(days=1),
            in_words(card.how_much_zh, card.how_much_en),
        )
        for end, card in closing[:SHOWN]
    )


def _fresh(record: RevisionRecord, issued_on: date) -> Fresh:
    return Fresh(
        in_words(record.title_zh, record.title_en),
        record.document_number,
        office_name(record.issuer_office),
        issued_on,
        policy_href(record.pack_id),
    )
