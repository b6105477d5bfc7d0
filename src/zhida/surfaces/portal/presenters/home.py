"""The front page: what there is, what ends soon, what is new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import quote

from django.urls import reverse

from zhida.domain.values import Span, local_date
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import ItemCard, RevisionRecord
from zhida.kernel.search import queries as search
from zhida.surfaces.look.kept_pages import standing
from zhida.surfaces.look.language import say, spoken
from zhida.surfaces.look.parts import Facet
from zhida.surfaces.look.recent import Recent
from zhida.surfaces.look.telling.filing import topic_entries, topic_name
from zhida.surfaces.look.telling.offices import office_name
from zhida.surfaces.look.telling.policies import in_words, item_href, policy_href, state_of, window_of
from zhida.surfaces.portal.records import Door, Ending, Fresh, Home

SOON = timedelta(days=90)
SHOWN = 4
TOPICS = 8
OFTEN = 3
A_MONTH = 31


_known: Recent[Home] = Recent(4)

FIRMS, PEOPLE = ("organisation",), ("person", "household")


@dataclass(frozen=True)
class Standing:
    """How many policies there are, how many items are open and automatic, and items by topic for firms and people."""

    policies: int
    is_open: int
    automatic: int
    topics: Mapping[tuple[str, ...], Mapping[str, int]]


def home(as_of: datetime) -> Home:
    """Everything the front page shows at an instant; worked out once while the catalogue stands."""
    return _known.take((standing(as_of), spoken()), lambda: _home(as_of))


def _home(as_of: datetime) -> Home:
    today = local_date(as_of)
    standing = _indexed(as_of) or _counted(as_of, today)
    closing = catalogue.item_cards(as_of=as_of, changing=Span(today, today + SOON))
    ending = _ending(closing, today)
    fresh = catalogue.policies(as_of=as_of, limit=SHOWN)
    return Home(
        today=today,
        figures=(
            (say("可以办的事项"), f"{standing.is_open:,}"),
            (say("其中免申即享"), f"{standing.automatic:,}"),
            (say("一个月内截止"), f"{sum(one.days <= A_MONTH for one in ending):,}"),
        ),
        often=tuple(
            Facet(in_words(card.title_zh, card.title_en).text, item_href(card.item_id))
            for card in catalogue.item_cards(as_of=as_of, claim="automatic", limit=OFTEN)
        ),
        policy_count=standing.policies,
        doors=_doors(standing),
        ending=ending[:SHOWN],
        fresh=tuple(_fresh(record, issued) for record in fresh if (issued := record.issued_on)),
    )


def _indexed(as_of: datetime) -> Standing | None:
    """What the index counts, however many policies there are; None before the first index."""
    policies = search.search("", as_of=as_of, facets={"kind": ("policy",)}, limit=1).total
    if not policies:
        return None
    found = search.search("", as_of=as_of, facets={"kind": ("item",), "state": ("open",)}, limit=1)
    topics = {}
    for audiences in (FIRMS, PEOPLE):
        counts = search.search("", as_of=as_of, facets={"kind": ("item",), "audience": audiences}, limit=1).facets
        topics[audiences] = {topic: count for topic, count in counts.get("topic", {}).items() if "/" in topic}
    return Standing(policies, found.total, found.facets.get("claim", {}).get("automatic", 0), topics)


def _counted(as_of: datetime, today: date) -> Standing:
    """The same counted in the catalogue: where there is no index there are few policies."""
    topics_of = {record.pack_id: record.topics for record in catalogue.policies(as_of=as_of)}
    cards = catalogue.item_cards(as_of=as_of)
    is_open = [card for card in cards if state_of(window_of(card), today)[0] == "yes"]
    counts: dict[tuple[str, ...], Counter[str]] = {FIRMS: Counter(), PEOPLE: Counter()}
    for card in cards:
        counts[FIRMS if card.audience in FIRMS else PEOPLE].update(topics_of.get(card.pack_id, ()))
    return Standing(len(topics_of), len(is_open), sum(card.claim == "automatic" for card in is_open), counts)


def _doors(standing: Standing) -> tuple[Door, ...]:
    calculator, asked = reverse("portal:calculator"), f"{reverse('portal:result')}?audience=person"
    return (
        Door(say("企业"), say("输入企业名称，算一算"), calculator, _topics(standing, FIRMS)),
        Door(say("个人"), say("不留姓名，算一算"), asked, _topics(standing, PEOPLE)),
    )


def _topics(standing: Standing, audiences: tuple[str, ...]) -> tuple[Facet, ...]:
    page, entries = reverse("portal:policies"), topic_entries()
    ordered = sorted(standing.topics[audiences].items(), key=lambda one: (-one[1], one[0]))
    return tuple(
        Facet(topic_name(topic, entries), f"{page}?audience={audiences[0]}&topic={quote(topic)}", count)
        for topic, count in ordered[:TOPICS]
    )


def _ending(cards: Sequence[ItemCard], today: date) -> tuple[Ending, ...]:
    ends = ((window_of(card).end, card) for card in cards if state_of(window_of(card), today)[0] == "yes")
    closing = [(end, card) for end, card in ends if end and end - today <= SOON]
    closing.sort(key=lambda pair: (pair[0], pair[1].item_id))
    return tuple(
        Ending(
            in_words(card.title_zh, card.title_en),
            item_href(card.item_id),
            (end - today).days,
            end - timedelta(days=1),
            in_words(card.how_much_zh, card.how_much_en),
        )
        for end, card in closing
    )


def _fresh(record: RevisionRecord, issued_on: date) -> Fresh:
    return Fresh(
        in_words(record.title_zh, record.title_en),
        record.document_number,
        office_name(record.issuer_office),
        issued_on,
        policy_href(record.pack_id),
    )
