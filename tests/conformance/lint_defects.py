"""Defects to plant in the packs that come with Zhida: each kind of slip an author makes, at every place that has room
for it, as one edit of a file. A seed draws from them."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

Files = Mapping[str, str]


@dataclass(frozen=True)
class Defect:
    """One planted defect: `edits` are (file, text there, text instead) with the text found once; `code` is what lint
    (or `check`, for `by_check`) has to say, at `line` of `file` where a line is told."""

    code: str
    pack: str
    edits: tuple[tuple[str, str, str], ...]
    file: str
    line: int = 0
    by_check: bool = False
    entitled: Mapping[str, tuple[int, int | None]] = field(default_factory=dict)
    budgets: Mapping[str, int] = field(default_factory=dict)

    def planted(self, files: Files) -> dict[str, str]:
        """The files with the defect in them."""
        changed = dict(files)
        for path, old, new in self.edits:
            assert changed[path].count(old) == 1, (path, old)
            changed[path] = changed[path].replace(old, new)
        return changed


def drawn(files: Files, seed: int) -> list[Defect]:
    """A hundred defects or so: of each kind as many as KINDS says, or as many as there is room for."""
    dice = random.Random(seed)
    found = []
    for sites, most in KINDS:
        room = [*sites(files)]
        found += dice.sample(room, min(most, len(room)))
    return found


def _rules(files: Files, name: str = "rules.yaml") -> Iterator[tuple[str, str, int, str]]:
    """Each line of each pack's rules: pack, file, number, text; only lines that stand there once."""
    for path, text in sorted(files.items()):
        if path.endswith(f"/{name}") and not path.startswith("_"):
            for number, line in enumerate(text.splitlines(), start=1):
                if text.count(line) == 1:
                    yield path.removesuffix(f"/{name}"), path, number, line


_COMPARED = re.compile(
    r"(?P<fact>[a-z_][a-z_.]*(?:\(year - 1\))?) (?P<sign>>=|<=|>|<) (?P<bound>\d+(?:\.\d+)?)(?![\d.])"
)


def _comparisons(files: Files) -> Iterator[tuple[str, str, int, str, re.Match[str]]]:
    """Every comparison of a fact with a number in a computed condition."""
    for pack, path, number, line in _rules(files):
        if "when:" in line:
            for match in _COMPARED.finditer(line):
                yield pack, path, number, line, match


def _at(match: re.Match[str], line: str, new: str) -> str:
    return line[: match.start()] + new + line[match.end() :]


def _compared(
    code: str, change: Callable[[str, str, str], str], *, alone: bool = False
) -> Callable[[Files], Iterator[Defect]]:
    """A comparison changed; with `alone`, only where it is all of its condition."""

    def sites(files: Files) -> Iterator[Defect]:
        for pack, path, number, line, match in _comparisons(files):
            new = change(match["fact"], match["sign"], match["bound"])
            is_alone = line[: match.start()].endswith("{kind: computed, when: ") and line[match.end()] == ","
            is_alone = is_alone and match["fact"] != "growth"  # which can be below zero
            if new and (is_alone or not alone):
                yield Defect(code, pack, ((path, line, _at(match, line, new)),), path, number)

    return sites


def _contradicted(fact: str, sign: str, bound: str) -> str:
    opposite = {">=": "<", "<=": ">", ">": "<=", "<": ">="}[sign]
    return f"{fact} {sign} {bound} and {fact} {opposite} {bound}"


def _far_apart(fact: str, sign: str, bound: str) -> str:
    half = f"{float(bound) / 2:g}" if "." in bound else str(int(bound) // 2)
    return f"{fact} {sign} {bound} and {fact} * 2 < {half}" if sign in (">=", ">") and half != "0" else ""


def _weaker(fact: str, sign: str, bound: str) -> str:
    half = f"{float(bound) / 2:g}" if "." in bound else str(int(bound) // 2)
    return f"{fact} {sign} {bound} and {fact} {sign} {half}" if sign in (">=", ">") and half != "0" else ""


def _other_figure(factor: int) -> Callable[[str, str, str], str]:
    def change(fact: str, sign: str, bound: str) -> str:
        return f"{fact} {sign} {int(bound) * factor}" if "." not in bound and bound != "0" else ""

    return change


def _off_by_one(fact: str, sign: str, bound: str) -> str:
    return f"{fact} {sign} {int(bound) + 1}" if "." not in bound and bound != "0" else ""


_OTHER_SIDE = {">=": ">", "<=": "<", ">": ">=", "<": "<="}
_TURNED = {">=": "<=", "<=": ">=", ">": "<", "<": ">"}
_SAID_SO = re.compile(
    r"young_enough|grown_enough|large_enough|old_enough|enough_filings|hospitality|wholesale|retail|points_enough"
)


def _edits(code: str, *edits: tuple[str, ...], by_check: bool = False) -> Callable[[Files], Iterator[Defect]]:
    """One defect each from (pack and file, text, text instead); told at the line of the new text, or of a fourth."""

    def sites(files: Files) -> Iterator[Defect]:
        for path, old, new, *tells in edits:
            changed = files[path].replace(old, new)
            line = changed[: changed.index(tells[0] if tells else new)].count("\n") + 1
            yield Defect(code, "/".join(path.split("/")[:2]), ((path, old, new),), path, line, by_check)

    return sites


def _booleans_contradict(files: Files) -> Iterator[Defect]:
    for pack, path, number, line in _rules(files):
        match = re.search(r"when: '?not\(([a-z_]+)\)", line)
        if match:
            new = line.replace(f"not({match[1]})", f"not({match[1]}) and {match[1]}", 1)
            yield Defect("never_true", pack, ((path, line, new),), path, number)


def _booleans_refuse_nobody(files: Files) -> Iterator[Defect]:
    for pack, path, number, line in _rules(files):
        match = re.search(r"when: not\(([a-z_]+)\)(?=[,}]|$)", line)
        if match:
            new = line.replace(f"not({match[1]})", f"not({match[1]}) or {match[1]}", 1)
            yield Defect("always_true", pack, ((path, line, new),), path, number)


def _years(later: str) -> Callable[[Files], Iterator[Defect]]:
    def sites(files: Files) -> Iterator[Defect]:
        for pack, path, number, line in _rules(files):
            if "(year - 1)" in line and "/" not in line:
                new = line.replace("(year - 1)", later, 1)
                yield Defect("period_not_over", pack, ((path, line, new),), path, number)

    return sites


def _amounts(code: str, change: Callable[[str], str]) -> Callable[[Files], Iterator[Defect]]:
    """The formula of every amount that an item pays, changed."""

    def sites(files: Files) -> Iterator[Defect]:
        for pack, path, number, line in _rules(files):
            match = re.match(r"(\s+is: )(?:'(.*)'|([^'{]*))$", line)
            named = re.search(r"amount: ([a-z_]+)", files[f"{pack}/items.yaml"])
            above = files[path].splitlines()[number - 2].strip()
            if match and named and above == f"{named[1]}:":
                formula = change(match[2] or match[3])
                if formula:
                    yield Defect(code, pack, ((path, line, f"{match[1]}'{formula}'"),), path, number)

    return sites


def _uncapped(formula: str) -> str:
    """A formula with the constant or parameter that caps it ten times as high, or twice."""
    for cap in ("50000000", "30000000", "parameters.most_fen"):
        if f", {cap}" in formula:
            return formula.replace(f", {cap}", f", {cap} * 10", 1)
    return ""


def _unguarded(formula: str) -> str:
    if not formula.startswith("max(0, "):
        return ""
    return formula[len("max(0, ") : -1]


def _second_cap(formula: str) -> str:
    match = re.search(r", (\d{7,})\)", formula)
    return formula.replace(match[0], f", {match[1]}, {int(match[1]) + 10_000_000})", 1) if match else ""


def _more_rows(files: Files) -> Iterator[Defect]:
    """Two rungs of a ladder the wrong way round, and a whole table read row by row with one row twice."""
    path = "yunze/trade-growth-award/rules.yaml"
    rows = [line for line in files[path].splitlines() if 'growth: ">=' in line]
    for upper, lower in ((0, 1), (1, 2), (3, 4), (4, 5)):
        old = f"{rows[upper]}\n{rows[lower]}"
        line = files[path][: files[path].index(old)].count("\n") + 2
        yield Defect(
            "row_never_taken", "yunze/trade-growth-award", ((path, old, f"{rows[lower]}\n{rows[upper]}"),), path, line
        )
    for pack, row in (
        ("mingzhou/job-retention-refund", "      - {enterprise_size: [medium, small, micro], gives: 0.60}"),
        ("yunze/platform-award", "      - {innovation_platform_level: city, gives: 50000000}"),
    ):
        path = f"{pack}/rules.yaml"
        line = files[path][: files[path].index(row)].count("\n") + 2
        hit = re.search(r"    hit: unique.*", files[path])
        assert hit
        yield Defect(
            "row_never_taken", pack, ((path, row, f"{row}\n{row}"), (path, hit[0], "    hit: first")), path, line
        )


def _valid(
    code: str, change: Callable[[str, str, str], str], key: str = "valid"
) -> Callable[[Files], Iterator[Defect]]:
    """The validity of every pack, changed by (from, to, issued on)."""

    def sites(files: Files) -> Iterator[Defect]:
        for pack, path, number, line in _rules(files, "pack.yaml"):
            match = re.match(r"valid: \{from: (\S+), to: (\S+)\}", line)
            issued = re.search(r"issued_on: (\S+)", files[path])
            if match and issued:
                new = change(match[1], match[2], issued[1])
                told = number if key == "valid" else files[path][: files[path].index("issued_on")].count("\n") + 1
                yield Defect(code, pack, ((path, line, new),), path, told)

    return sites


def _windows(code: str, change: Callable[[str, str], str]) -> Callable[[Files], Iterator[Defect]]:
    def sites(files: Files) -> Iterator[Defect]:
        for pack, path, number, line in _rules(files, "items.yaml"):
            match = re.match(r"  window: \{from: ([0-9-]+), to: ([0-9-]+)", line)
            if match:
                yield Defect(
                    code, pack, ((path, line, line.replace(match[0], change(match[1], match[2]))),), path, number
                )

    return sites


def _schedules(files: Files) -> Iterator[Defect]:
    for pack, path, number, line in _rules(files, "items.yaml"):
        if line.startswith("  once_per: [[subject, ") and "schedule:" in files[path]:
            yield Defect("instalments_blocked", pack, ((path, line, "  once_per: [[subject, life]]"),), path, number)


def _parameters(code: str, old: str, new: str, *, twice: bool = False) -> Callable[[Files], Iterator[Defect]]:
    def sites(files: Files) -> Iterator[Defect]:
        for pack, path, _, line in _rules(files, "parameters.yaml"):
            is_only = files[path].count("- {") == 1
            if old in line and (is_only or twice) and line.lstrip().startswith("- {"):
                changed = f"{line}\n{line.replace(old, new)}" if twice else line.replace(old, new)
                yield Defect(code, pack, ((path, line, changed),), path)

    return sites


def _figures_of_parameters(files: Files) -> Iterator[Defect]:
    for pack, path, number, line in _rules(files, "parameters.yaml"):
        match = re.search(r"value: (\d{4,})", line)
        if match:
            yield Defect(
                "figure_not_in_text", pack, ((path, line, line.replace(match[1], match[1][:-2])),), path, number
            )


def _figures_of_tables(files: Files) -> Iterator[Defect]:
    for pack, path, number, line in _rules(files):
        match = re.search(r"gives: (\d{3,})\}", line)
        if match:
            yield Defect(
                "figure_not_in_text",
                pack,
                ((path, line, line.replace(f"{match[1]}}}", f"{match[1][:-1]}5}}")),),
                path,
                number,
            )


def _asked_again(files: Files) -> Iterator[Defect]:
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
        edits = ((form, "questions:\n", f"questions:\n  {name}: {kind}\n"), *_told(files, words, name, zh))
        yield Defect("asked_but_held", pack, edits, form, line)


def _asked_for_nothing(files: Files) -> Iterator[Defect]:
    for pack in ("mingzhou/research-rebate", "yunze/restaurant-licence", "mingzhou/graduate-settling"):
        form, words = f"{pack}/form.yaml", (f"{pack}/words/zh.yaml", f"{pack}/words/en.yaml")
        line = files[form].splitlines().index("questions:") + 2
        edits = (
            (form, "questions:\n", "questions:\n  branches: {kind: number}\n"),
            *_told(files, words, "branches", "有几家分店？"),
        )
        yield Defect("question_read_by_nothing", pack, edits, form, line)


def _told(files: Files, paths: tuple[str, str], name: str, zh: str) -> tuple[tuple[str, str, str], ...]:
    return tuple((path, "questions:\n", f'questions:\n  {name}: "{zh}"\n') for path in paths)


def _twice(code: str, amount: str = "") -> Callable[[Files], Iterator[Defect]]:
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


def _short_budgets(files: Files) -> Iterator[Defect]:
    """Nothing planted but a budget: one for a fixed amount that was only counted, one for a sum."""
    for pack, name, line, fen in (
        ("mingzhou/hiring-subsidy", "hire", "unemployment-fund/hiring", None),
        ("mingzhou/job-retention-refund", "refund", "unemployment-fund/job-retention", 250_000_000),
    ):
        path = f"{pack}/items.yaml"
        told = files[path][: files[path].index("budget_line")].count("\n") + 1
        counted = {f"{pack}/{name}": (1200, fen)}
        yield Defect("budget_too_small", pack, (), path, told, entitled=counted, budgets={line: 100_000_000})


def _made_automatic(files: Files) -> Iterator[Defect]:
    pack = "mingzhou/graduate-settling"
    edit = (f"{pack}/items.yaml", "claim: applied", "claim: automatic")
    yield Defect("nobody_asked", pack, (edit,), f"{pack}/form.yaml", 2)


def _bands(code: str, *edits: tuple[str, str]) -> Callable[[Files], Iterator[Defect]]:
    """The bands of a table that the language does not hold to be whole, one bound moved; told at the later band."""

    def sites(files: Files) -> Iterator[Defect]:
        path = f"{_AGE}/{_RULES}"
        last = files[path].index('"[90..99]"')
        for old, new in edits:
            yield Defect(
                code,
                _AGE,
                ((path, old, new), (path, "hit: unique", "hit: first")),
                path,
                files[path][:last].count("\n") + 1,
            )

    return sites


_RULES = "rules.yaml"
_CAR, _AGE, _JOBS = "mingzhou/car-trade-in", "mingzhou/age-allowance", "mingzhou/startup-jobs"
_GRADUATE, _TRADE, _REBATE = "mingzhou/graduate-settling", "yunze/trade-growth-award", "mingzhou/research-rebate"
_RETENTION, _PLATFORM, _STAFF = (
    "mingzhou/job-retention-refund",
    "mingzhou/platform-award",
    "mingzhou/staff-growth-award",
)

KINDS: tuple[tuple[Callable[[Files], Iterator[Defect]], int], ...] = (
    (_compared("never_true", _contradicted), 3),
    (_compared("never_true", _far_apart), 2),
    (_booleans_contradict, 2),
    (
        _edits(
            "never_true",
            (f"{_STAFF}/{_RULES}", "'within(industry, \"C\")'", '\'within(industry, "C") and within(industry, "51")\''),
            (
                f"{_REBATE}/{_RULES}",
                "revenue_fen(year - 1) >= 0.03",
                "revenue_fen(year - 1) >= 0.03 and research_spend_fen(year - 1) * 100 < revenue_fen(year - 1)",
            ),
            (
                f"{_JOBS}/{_RULES}",
                "satisfies h.contract_months >= 12 and",
                "satisfies h.contract_months >= 12 and h.contract_months < 6 and",
            ),
            (
                f"{_JOBS}/{_RULES}",
                "'as_of < add_months(established_on, 48)'",
                "'as_of < add_months(established_on, 48) and days_between(established_on, as_of) > 2000'",
            ),
            (
                f"{_CAR}/{_RULES}",
                'date("2026-01-01") and date("2026-12-31")',
                'date("2026-12-31") and date("2026-01-01")',
            ),
        ),
        5,
    ),
    (_compared("always_true", lambda fact, sign, bound: f"{fact} >= 0", alone=True), 3),
    (_booleans_refuse_nobody, 2),
    (_compared("adds_nothing", _weaker), 3),
    (
        _edits(
            "adds_nothing",
            (
                f"{_TRADE}/{_RULES}",
                "'within(industry, \"52\") and sales_fen(year - 1) >= 3000000000'",
                "'within(industry, \"51\") and sales_fen(year - 1) >= 40000000000'",
            ),
            (
                f"{_GRADUATE}/{_RULES}",
                '("bachelor", "master", "doctor")',
                '("bachelor", "master", "doctor", "bachelor")',
            ),
            (
                f"{_CAR}/{_RULES}",
                'car_trade.old_car_fuel = "diesel_or_other" and car_trade.old_car_registered_on <= date("2015-06-30")',
                'car_trade.old_car_fuel = "diesel_or_other" and car_trade.old_car_registered_on <= date("2011-06-30")',
            ),
            (
                f"{_STAFF}/{_RULES}",
                "pays_wages: {kind: computed, when: not(wage_arrears)",
                "pays_wages: {kind: computed, when: growth >= 5",
            ),
        ),
        4,
    ),
    (
        _edits(
            "never_entitled",
            ("yunze/points-settlement/rules.yaml", "when: residence_permit_valid(as_of)", "when: age > 60"),
            (f"{_STAFF}/{_RULES}", "when: not(wage_arrears)", "when: growth < 5"),
            (f"{_RETENTION}/{_RULES}", "when: not(seriously_discredited)", "when: layoff_rate(year - 1) > 0.3"),
        ),
        3,
    ),
    (_amounts("dead_branch", lambda formula: f'if as_of < date("2025-01-01") then 0 else {formula}'), 3),
    (_more_rows, 4),
    (
        _edits(
            "row_never_paid",
            (f"{_AGE}/{_RULES}", "when: age >= 80", "when: age >= 90", '"[80..89]"'),
            (
                f"{_PLATFORM}/{_RULES}",
                '\'innovation_platform_level in ("provincial", "national")\'',
                "'innovation_platform_level = \"national\"'",
                "provincial, gives",
            ),
            (f"{_GRADUATE}/{_RULES}", '("bachelor", "master", "doctor")', '("bachelor", "master")', "doctor, gives"),
            (
                f"{_RETENTION}/{_RULES}",
                "when: not(seriously_discredited)",
                'when: not(seriously_discredited) and enterprise_size != "large"',
                "large, gives",
            ),
        ),
        4,
    ),
    (_bands("band_gap", ('"[80..89]"', '"[80..88]"'), ('"[90..99]"', '"[92..99]"')), 2),
    (_bands("band_overlap", ('"[80..89]"', '"[80..90]"'), ('"[90..99]"', '"[88..99]"')), 2),
    (_amounts("amount_below_zero", _unguarded), 2),
    (_amounts("amount_below_zero", lambda formula: f"{formula} - 100000"), 2),
    (_amounts("amount_always_zero", lambda formula: f"min(0, {formula})"), 2),
    (
        _edits(
            "entitled_without_amount",
            (f"{_GRADUATE}/{_RULES}", "      - {highest_degree: doctor, gives: 3000000}\n", "", "hit:"),
            (f"{_TRADE}/{_RULES}", '      - {industry: "-", growth: ">= 0.10", gives: 0.10}\n', "", "hit:"),
        ),
        2,
    ),
    (_amounts("limit_never_binds", _second_cap), 2),
    (
        _edits(
            "row_above_cap",
            (
                f"{_GRADUATE}/{_RULES}",
                "    by: [highest_degree]\n",
                "    by: [highest_degree]\n    cap: 2500000\n",
                "doctor, gives",
            ),
        ),
        1,
    ),
    (_amounts("amount_above_cap", _uncapped), 3),
    (_compared("figure_not_in_text", _other_figure(10)), 3),
    (_compared("figure_not_in_text", _off_by_one), 3),
    (_figures_of_parameters, 3),
    (_figures_of_tables, 3),
    (
        _compared(
            "bound_against_text",
            lambda fact, sign, bound: f"{fact} {_OTHER_SIDE[sign]} {bound}" if bound != "0" else "",
        ),
        5,
    ),
    (
        _compared(
            "bound_against_text", lambda fact, sign, bound: f"{fact} {_TURNED[sign]} {bound}" if bound != "0" else ""
        ),
        2,
    ),
    (_made_automatic, 1),
    (_years("(year)"), 3),
    (_years("(year + 1)"), 1),
    (
        _edits(
            "unknown_item_in_past", (f"{_JOBS}/{_RULES}", "mingzhou/startup-jobs/jobs", "mingzhou/startup-jobs/job")
        ),
        1,
    ),
    (_asked_for_nothing, 2),
    (_asked_again, 3),
    (_valid("expired", lambda start, end, issued: f"valid: {{from: {start}, to: 2026-05-01}}"), 2),
    (_valid("issued_after_end", lambda start, end, issued: "valid: {from: 2025-01-01, to: 2025-12-01}", "issued"), 2),
    (_windows("window_outside_validity", lambda start, end: f"  window: {{from: {start}, to: 2033-01-01"), 2),
    (_windows("window_before_issue", lambda start, end: f"  window: {{from: 2025-12-01, to: {end}"), 1),
    (_edits("obligation_over", (f"{_RETENTION}/items.yaml", "until: 2027-12-31", "until: 2025-12-31")), 1),
    (_schedules, 2),
    (_parameters("parameter_not_in_force", "effective: 2026-01-01", "effective: 2026-07-01"), 2),
    (_parameters("parameter_never_in_force", "effective: 2026-01-01", "effective: 2035-01-01", twice=True), 1),
    (
        _edits(
            "money_times_money",
            (
                f"{_STAFF}/{_RULES}",
                "max(0, growth) * parameters.per_head_fen",
                "revenue_fen(year - 1) * parameters.per_head_fen",
            ),
        ),
        1,
    ),
    (_twice("duplicate_item"), 2),
    (_twice("contradicting_items", "+ 100"), 2),
    (_short_budgets, 2),
    (_edits("quota_zero", ("yunze/points-settlement/items.yaml", "n: 500", "n: 0", "  quota:")), 1),
    (
        _edits(
            "wrong_unit",
            (
                "yunze/points-settlement/rules.yaml",
                "when: pension_insured_months >= 48",
                "when: pension_insured_months >= settlement_points",
            ),
            by_check=True,
        ),
        1,
    ),
    (_edits("table_gap", (f"{_PLATFORM}/{_RULES}", "[none, city]", "city", "hit:"), by_check=True), 1),
    (
        _edits(
            "division_unguarded",
            (f"{_REBATE}/{_RULES}", "revenue_fen(year - 1) > 0 and research", "research"),
            by_check=True,
        ),
        1,
    ),
)
