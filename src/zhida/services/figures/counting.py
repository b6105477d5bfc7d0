"""Counting: what each part of a tally holds, put together from what the kernel counts by set.

Who may see a case is not only its own office: the circle of each count says which offices may.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from zhida.domain.values import Scope, local_date
from zhida.kernel.cases import tallies
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import ItemCard
from zhida.kernel.entitlements import queries as entitlements
from zhida.kernel.notices import queries as notices
from zhida.services.figures.models import Face, Level

EVERY = Scope.system("counting")
Key = tuple[Level, str, str, str, str, date | None]
"""Level, item, office, region, circle, month."""


class Counts:
    """Figures by place, each added up on the levels at which pages ask for it."""

    def __init__(self) -> None:
        self.sums: dict[Key, dict[str, int]] = {}
        self.late_since: dict[Key, date] = {}

    def put(self, key: Key, figures: Mapping[str, int]) -> None:
        """Adds to one place; what is nothing is left out."""
        here = self.sums.setdefault(key, {}) if any(figures.values()) else {}
        for name, number in figures.items():
            if number:
                here[name] = here.get(name, 0) + number

    def add(
        self, item: str, office: str, region: str, circle: str, late_since: date | None = None, **figures: int
    ) -> None:
        """Adds to an item at an office in a region, and to what sums it up."""
        for key in levels(item, office, region, circle):
            self.put(key, figures)
            if late_since:
                self.late_since[key] = min(late_since, self.late_since.get(key, late_since))

    def regions(self) -> list[str]:
        """The regions of all places, in their order."""
        return sorted({key[3] for key in self.sums if key[0] in (Level.DETAIL, Level.MONTH)})


def levels(item: str, office: str, region: str, circle: str) -> tuple[Key, Key, Key]:
    """The rows that one place counts in."""
    detail = (Level.DETAIL, item, office, region, circle, None)
    return detail, (Level.PLACE, "", office, region, circle, None), (Level.ITEM, item, office, "", circle, None)


def count_screening(run_id: str) -> Counts:
    """Who is entitled, by the office that owns the item."""
    found = Counts()
    for one in entitlements.counts(run_id, scope=EVERY) if run_id else ():
        found.add(one.item_id, one.owner_office, one.region, one.owner_office, matched=one.entitled)
    return found


def count_items(cards: Iterable[ItemCard], as_of: datetime) -> tuple[Counts, list[Face]]:
    """Policies, items, what can be claimed today and what asks for no claim, and how lists name each item."""
    found, faces, seen = Counts(), [], set()
    for card in cards:
        opens = max((day for day in (card.window_from, card.valid_from) if day), default=None)
        closes = min((day for day in (card.window_to, card.valid_to) if day), default=None)
        is_first, today = card.pack_id not in seen, local_date(as_of)
        seen.add(card.pack_id)
        is_open = (opens is None or opens <= today) and (closes is None or today < closes)
        more = {"itemised": 1, "open": int(is_open), "automatic": int(card.claim == "automatic")}
        detail, place, whole = levels(card.item_id, card.owner_office, card.region, card.owner_office)
        for key, issued in ((detail, 1), (place, int(is_first)), (whole, 1)):
            found.put(key, {"issued": issued, **more})
        whose = {"item": card.item_id, "pack": card.pack_id, "office": card.owner_office, "region": card.region}
        titles = {"title_zh": card.title_zh, "title_en": card.title_en}
        faces.append(Face(is_first=is_first, opens_on=opens, closes_on=closes, **whose, **titles))
    return found, faces


def owners_of(run_id: str, as_of: datetime) -> dict[str, str]:
    """The office that owns each item: as the run knew it, else as it is in force."""
    owners = {card.item_id: card.owner_office for card in catalogue.item_cards(as_of=as_of)}
    screened = entitlements.screened(run_id, scope=EVERY) if run_id else ()
    return owners | {one.item_id: one.owner_office for one in screened if one.entitled or one.possible}


def count_claims(owners: Mapping[str, str], today: date) -> Counts:
    """What was told, claimed, decided and paid, month by month too, and how promises were kept."""
    found = Counts()
    for (item, region), count in notices.told().items():
        if item in owners:
            found.add(item, owners[item], region, owners[item], told=count)
    for one in tallies.progress(today=today):
        where = (one.item, one.office, one.region, one.circle)
        found.add(*where, late_since=one.late_since, paid_fen=one.paid_fen, **one.counts)
    for kept in tallies.promises():
        found.add(
            kept.item, kept.office, kept.region, kept.circle,
            steps=kept.steps, late_steps=kept.late, promised_days=kept.promised_days, real_days=kept.real_days,
        )  # fmt: skip
    for (region, circle, month, name), count in tallies.months().items():
        found.put((Level.MONTH, "", "", region, circle, month), {name: count})
    return found


def add_open_figures(found: Counts, matched: Mapping[str, int], matched_in: Mapping[str, int]) -> None:
    """What everybody may see, by subjects: `matched` by item and `matched_in` by region are who is entitled.

    Who claimed is entitled to an item, told or not.
    """
    sums = dict(found.sums)
    for names, figures in _open(matched, matched_in):
        for key in names:
            found.put(key, figures)
    for (level, item, *_), figures in sums.items():
        if level == Level.ITEM:
            kept = {name: figures.get(name, 0) for name in ("paid_fen", "steps", "promised_days", "real_days")}
            found.put((Level.OPEN_ITEM, item, "", "", "", None), kept)
    for (level, *_), figures in list(found.sums.items()):
        if level == Level.OPEN_ITEM:
            figures["matched"] = max(figures.get("matched", 0), figures.get("claimed", 0))
            found.put((Level.OPEN_ALL, "", "", "", "", None), figures)


def _open(matched: Mapping[str, int], matched_in: Mapping[str, int]) -> Iterable[tuple[list[Key], Mapping[str, int]]]:
    for item, count in matched.items():
        yield [(Level.OPEN_ITEM, item, "", "", "", None)], {"matched": count}
    for region, count in matched_in.items():
        yield [(Level.OPEN_PLACE, "", "", region, "", None)], {"matched": count}
    told = {key: {"told": count} for key, count in notices.told().items()}
    for by_place in (tallies.subjects(), told):
        for (item, region), figures in by_place.items():
            keys: list[Key] = [
                (Level.OPEN_ITEM, item, "", "", "", None), (Level.OPEN_PLACE, "", "", region, "", None)
            ]  # fmt: skip
            yield keys, figures
