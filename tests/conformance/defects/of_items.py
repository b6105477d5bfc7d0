"""Slips in items and forms: questions too many, items twice, budgets too small, claims that nobody is asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tests.conformance.defects.planting import Defect, Files, told


def asked_again(files: Files) -> Iterator[Defect]:
    """A question about what a register holds, in the register's own words."""
    for pack, name, kind, zh in (
        (
            "mingzhou/research-rebate",
            "heads_last_year",
            "{kind: number, unit: persons}",
            "上年年末从业人员数是多少人？",
        ),
        ("mingzhou/research-rebate", "assets_last_year", "{kind: number, unit: fen}", "年末资产总额多少元？"),
        ("yunze/restaurant-licence", "floor_of_firm", "{kind: date}", "企业成立日期是哪一天？"),
        ("mingzhou/graduate-settling", "degree_day", "{kind: date}", "您的毕业日期"),
    ):
        form, words = f"{pack}/form.yaml", (f"{pack}/words/zh.yaml", f"{pack}/words/en.yaml")
        line = files[form].splitlines().index("questions:") + 2
        edits = ((form, "questions:\n", f"questions:\n  {name}: {kind}\n"), *told(files, words, name, zh))
        yield Defect("asked_but_held", pack, edits, form, line)


def asked_for_nothing(files: Files) -> Iterator[Defect]:
    for pack in ("mingzhou/research-rebate", "yunze/restaurant-licence", "mingzhou/graduate-settling"):
        form, words = f"{pack}/form.yaml", (f"{pack}/words/zh.yaml", f"{pack}/words/en.yaml")
        line = files[form].splitlines().index("questions:") + 2
        edits = (
            (form, "questions:\n", "questions:\n  branches: {kind: number}\n"),
            *told(files, words, "branches", "有几家分店？"),
        )
        yield Defect("question_read_by_nothing", pack, edits, form, line)


def twice(code: str, amount: str = "") -> Callable[[Files], Iterator[Defect]]:
    """An item written a second time under another name, with the same amount or another."""

    def sites(files: Files) -> Iterator[Defect]:
        for pack, name in (
            ("mingzhou/staff-growth-award", "award"),
            ("yunze/patent-filing-award", "award"),
            ("mingzhou/age-allowance", "allowance"),
        ):
            items, text = f"{pack}/items.yaml", files[f"{pack}/items.yaml"]
            again = "second" + text.removeprefix(name)
            paid = re.search(r"amount: ([a-z_]+)", text)
            assert paid
            edits = [(items, text, text + (again.replace(paid[0], "amount: other_fen") if amount else again))]
            for lang in ("zh", "en"):
                words = f"{pack}/words/{lang}.yaml"
                told = re.search(rf"\n  {name}: (.*)\n", files[words])
                assert told
                edits.append((words, told[0], f"{told[0]}  second: {told[1]}\n"))
            if amount:
                rules = f"{pack}/rules.yaml"
                block = f"  other_fen:\n    is: {paid[1]} {amount}\n    cites: [a2]\n"
                if "amounts:" in files[rules]:
                    edits.append((rules, "amounts:\n", f"amounts:\n{block}"))
                else:
                    edits.append((rules, files[rules], f"{files[rules]}amounts:\n{block}"))
            yield Defect(code, pack, tuple(edits), items, text.count("\n") + 1)

    return sites


def short_budgets(files: Files) -> Iterator[Defect]:
    """Nothing planted but a budget: one for a fixed amount that was only counted, one for a sum."""
    for pack, name, line, fen in (
        ("mingzhou/hiring-subsidy", "hire", "unemployment-fund/hiring", None),
        ("mingzhou/job-retention-refund", "refund", "unemployment-fund/job-retention", 250_000_000),
    ):
        path = f"{pack}/items.yaml"
        told = files[path][: files[path].index("budget_line")].count("\n") + 1
        counted = {f"{pack}/{name}": (1200, fen)}
        yield Defect("budget_too_small", pack, (), path, told, entitled=counted, budgets={line: 100_000_000})


def made_automatic(files: Files) -> Iterator[Defect]:
    pack = "mingzhou/graduate-settling"
    edit = (f"{pack}/items.yaml", "claim: applied", "claim: automatic")
    yield Defect("nobody_asked", pack, (edit,), f"{pack}/form.yaml", 2)
