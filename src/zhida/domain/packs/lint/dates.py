"""Dates that contradict each other, and a basis that has run out. Decided by comparing dates; no solver."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from zhida.domain.packs.items import Item
from zhida.domain.packs.lint.findings import Finding, at_spot
from zhida.domain.packs.lint.places import spot_of
from zhida.domain.packs.pack import Pack
from zhida.domain.packs.root import Root
from zhida.domain.rules import ParameterSeries


def date_findings(pack: Pack, root: Root, on: date) -> Iterator[Finding]:
    """What the dates of a pack's header, items and parameters say against each other, and against the day `on`."""
    yield from _of_header(pack, on)
    yield from _of_basis(pack, root, on)
    for item in pack.items.values():
        yield from _of_window(pack, item)
        yield from _of_obligations(pack, item)
        yield from _of_instalments(pack, item)
    for series in pack.parameters.values():
        yield from _of_parameter(pack, series)


def _of_header(pack: Pack, on: date) -> Iterator[Finding]:
    spot, end = spot_of(pack, "pack.yaml", "valid"), pack.valid.end
    issued = pack.document.issued_on
    if end is not None and end <= on:
        zh, en = f"政策有效期到 {end}（不含），已经过期", f"the policy was in force up to {end} (not included)"
        yield at_spot(spot, "expired", zh, en, pack.id)
    if end is not None and end <= issued:
        zh, en = f"{issued} 印发时有效期已过（{end}）", f"issued on {issued}, when its validity had ended ({end})"
        yield at_spot(spot_of(pack, "pack.yaml", "document", "issued_on"), "issued_after_end", zh, en, pack.id)


def _of_basis(pack: Pack, root: Root, on: date) -> Iterator[Finding]:
    """Documents of other packs that the text, a parameter or a group names as its basis, no longer in force."""
    ended = {
        other.document.number: other.valid.end
        for other in root.packs.values()
        if other.id != pack.id and other.valid.end is not None and other.valid.end <= on
    }
    for number, end in ended.items():
        zh, en = f"依据的 {number} 已于 {end} 失效", f"{number}, named as a basis, was in force up to {end}"
        for line, text in enumerate(pack.policy_text.splitlines(), start=1):
            if number in text:
                spot = spot_of(pack, "policy.md")._replace(file=f"{pack.id}/policy.md", line=line)
                yield at_spot(spot, "basis_expired", zh, en, pack.id)
        for name, series in pack.parameters.items():
            if series.rows and number in max(series.rows, key=lambda row: row.effective).source:
                yield at_spot(spot_of(pack, "parameters.yaml", name), "basis_expired", zh, en, name)


def _of_window(pack: Pack, item: Item) -> Iterator[Finding]:
    window, valid = item.window, pack.valid
    spot = spot_of(pack, "items.yaml", item.name, "window")
    before = window.start is not None and valid.start is not None and window.start < valid.start
    after = window.end is not None and valid.end is not None and window.end > valid.end
    if before or after:
        zh = f"申报期 {window} 超出政策有效期 {valid}，超出的日子无法享受"
        en = f"the window {window} reaches beyond the policy's validity {valid}, where nobody is entitled"
        yield at_spot(spot, "window_outside_validity", zh, en, item.name)
    if window.start is not None and window.start < pack.document.issued_on:
        zh = f"申报期从 {window.start} 开始，早于文件印发日 {pack.document.issued_on}"
        en = f"the window opens on {window.start}, before the document was issued ({pack.document.issued_on})"
        yield at_spot(spot, "window_before_issue", zh, en, item.name)
    hours = (item.opens_at, item.closes_at)
    is_one_day = window.start is not None and window.end is not None and (window.end - window.start).days == 1
    if is_one_day and hours[0] is not None and hours[1] is not None and hours[1] <= hours[0]:
        zh, en = "受理时间当天先结束后开始", "the window closes on its only day before it opens"
        yield at_spot(spot, "window_outside_validity", zh, en, item.name)


def _of_obligations(pack: Pack, item: Item) -> Iterator[Finding]:
    first = max(filter(None, (item.window.start, pack.valid.start, pack.document.issued_on)), default=None)
    for position, obligation in enumerate(item.obligations):
        spot = spot_of(pack, "items.yaml", item.name, "obligations", position)
        if obligation.until is not None and first is not None and obligation.until <= first:
            zh = f"义务 {obligation.name} 到 {obligation.until} 为止，而最早 {first} 才能享受"
            en = f"{obligation.name} binds until {obligation.until}, but nobody is granted before {first}"
            yield at_spot(spot, "obligation_over", zh, en, item.name)
        if obligation.years == 0:
            zh, en = f"义务 {obligation.name} 为期零年", f"{obligation.name} binds for no year at all"
            yield at_spot(spot, "obligation_over", zh, en, item.name)


def _of_instalments(pack: Pack, item: Item) -> Iterator[Finding]:
    """Instalments of which the second can never be granted, since a key is taken by the first."""
    schedule = item.schedule
    if schedule is None or schedule.count == 1:
        return
    renewed = {"instalment", "month"} if schedule.every == "month" else {"instalment", "month", "year"}
    for position, key in enumerate(item.once_per):
        if not renewed & {*key}:
            said = " + ".join(key)
            each = {"month": "月", "year": "年"}[schedule.every]
            zh = f"按{each}发放，但 once_per 的 {said} 第一期就已用掉，第二期起发不出"
            en = f"paid each {schedule.every}, but the key {said} is taken by the first payment: no second one follows"
            yield at_spot(
                spot_of(pack, "items.yaml", item.name, "once_per", position), "instalments_blocked", zh, en, item.name
            )


def _of_parameter(pack: Pack, series: ParameterSeries) -> Iterator[Finding]:
    rows = sorted(series.rows, key=lambda row: row.effective)
    spot = spot_of(pack, "parameters.yaml", series.name)
    starts, end, name = pack.valid.start, pack.valid.end, series.name
    tree = pack.schema.code_trees.get("region")
    first = next((row.effective for row in rows if not row.region), rows[0].effective if rows else date.min)
    if starts is not None and first > starts and (end is None or first < end):
        zh = f"参数 {name} 自 {first} 起才有值，政策 {starts} 起施行，其间的结果都是未知"
        en = f"{name} has no value before {first}; the policy begins on {starts}: unknown till then"
        yield at_spot(spot, "parameter_not_in_force", zh, en, name)
    for row in rows:
        if end is not None and row.effective >= end:
            zh = f"参数 {name} 自 {row.effective} 起的值用不到：政策 {end} 已失效"
            en = f"the value of {name} from {row.effective} is never used: the policy ends before {end}"
            yield at_spot(spot, "parameter_never_in_force", zh, en, name)
        if row.region and tree is not None and tree.within(row.region, pack.region) is False:
            zh = f"参数 {name} 的地区 {row.region} 不在政策适用的 {pack.region} 之内"
            en = f"{name} has a value for {row.region}, which lies outside the policy's region {pack.region}"
            yield at_spot(spot, "parameter_never_in_force", zh, en, name)
    twice = {
        (row.effective, row.region)
        for row in rows
        if [(r.effective, r.region) for r in rows].count((row.effective, row.region)) > 1
    }
    for effective, region in sorted(twice):
        zh = f"参数 {name} 在 {effective} {region} 有两个值"
        en = f"{name} has two values from {effective} {region}".rstrip()
        yield at_spot(spot, "parameter_twice", zh, en, name)
