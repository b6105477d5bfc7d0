"""One page of figures that a person enjoys reading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from zhida.domain.values import yuan

_SUBJECTS = {"organisation": "企业 firms", "person": "个人 people", "household": "家庭 households"}
_OUTCOMES = {
    "granted": "予以兑现 granted",
    "refused": "不予兑现 refused",
    "withdrawn": "撤回 withdrawn",
    "lapsed": "失效 lapsed",
    "draft": "待确认 waiting for a tap",
    "in_review": "办理中 in review",
    "submitted": "已提交 submitted",
    "returned": "补正中 returned",
    "decided": "已决定 decided",
}
_BAR = 34


def print_page(figures: Mapping[str, Any]) -> None:
    """Prints the figures of a demonstration to standard output."""
    console = Console(highlight=False, width=104)
    console.print(Padding(Group(*_parts(figures)), (1, 2)))


def _parts(figures: Mapping[str, Any]) -> list[Any]:
    return [
        Text("直达  from a policy's text to money in the right account", style="bold"),
        Text("━" * 88, style="green"),
        _reach(figures),
        Text("\n办件 Cases", style="bold"),
        _bars({_OUTCOMES.get(name, name): count for name, count in figures["cases"].items()}),
        Text("\n资金 Money, 元", style="bold"),
        _budget(figures["budget"]),
        Text("\n存证 Proof", style="bold"),
        _proof(figures["ledger"]),
        Text(
            "\n用时 Seconds   " + "  ".join(f"{name} {spent:.1f}" for name, spent in figures["seconds"].items()),
            style="dim",
        ),
    ]


def _reach(figures: Mapping[str, Any]) -> Table:
    table = Table.grid(padding=(0, 3))
    table.add_column(justify="right", style="bold")
    table.add_column()
    subjects = "  ".join(f"{_SUBJECTS[kind]} {count:,}" for kind, count in figures["subjects"].items())
    table.add_row(f"{figures['policies']:,}", f"政策 policies, {figures['items']} 事项 items, {figures['gold']} gold")
    table.add_row(f"{sum(figures['subjects'].values()):,}", subjects)
    table.add_row(f"{figures['pairs']:,}", "对 pairs screened: everyone × everything")
    table.add_row(f"{figures['entitled']:,}", f"可享 entitled, {yuan(figures['entitled_fen'])} 元 where sums are known")
    table.add_row(f"{figures['possible']:,}", "可能 possible: something is still unknown, and we say what")
    table.add_row(f"{figures['notices']:,}", "通知 notices sent")
    table.add_row(f"{figures['payments']:,}", f"到账 payments, {yuan(figures['paid_fen'])} 元 in accounts")
    return table


def _bars(counts: Mapping[str, int]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right")
    table.add_column(justify="right", style="bold")
    table.add_column(style="green")
    most = max(counts.values(), default=1)
    for name, count in sorted(counts.items(), key=lambda each: -each[1]):
        table.add_row(name, f"{count:,}", "━" * max(1, round(_BAR * count / most)))
    return table


def _budget(lines: list[dict[str, Any]]) -> Table:
    table = Table(box=None, padding=(0, 1), pad_edge=False, header_style="dim")
    table.add_column("指标 line")
    names = ("total", "available", "committed", "in_flight", "paid", "returned")
    for words in ("总额 total", "＝可用", "＋已占", "＋在途", "＋已付", "－退回"):
        table.add_column(words, justify="right")
    columns = [_column([line[f"{name}_fen"] for line in lines]) for name in names]
    for line, cells in zip(lines, zip(*columns, strict=True), strict=True):
        table.add_row(line["words"]["zh"], *cells)
    return table


def _column(fen: list[int]) -> list[str]:
    """Amounts as they are, so that a row adds up to the fen; without decimals where the whole column has none."""
    end = -3 if all(each % 100 == 0 for each in fen) else None
    return [yuan(each)[:end] for each in fen]


def _proof(ledger: Mapping[str, Any]) -> Table:
    table = Table.grid(padding=(0, 3))
    table.add_row(f"[bold]{ledger['entries']:,}[/bold] 条 facts in the log, one Merkle tree")
    table.add_row(f"root {ledger['root']}")
    verified = "[green]● 已核验 verified: every fact, every signed head[/green]"
    table.add_row(verified if ledger["verified"] else "[red]◇ 核验不符 NOT verified[/red]")
    return table
