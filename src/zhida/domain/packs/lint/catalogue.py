"""Every check of lint: what it finds, what decides it, who mends it and how. docs/reference/lint.md is made of this."""

from __future__ import annotations

from dataclasses import dataclass

from zhida.domain.packs.lint.findings import Mender

STRUCTURE = "structure"
INTERVALS = "intervals"
SOLVER = "solver"
ENGINE = "solver, confirmed by the judge engine"
TEXT = "the text"


@dataclass(frozen=True)
class Check:
    """One check. `by` says what decides it; `zh` and `en` what it finds; the hints how `mender` mends it; `example` is
    what an author may have written."""

    by: str
    mender: Mender
    zh: str
    en: str
    hint_zh: str
    hint_en: str
    example: str


_AUTHOR, _DICTIONARY, _BUDGET = Mender.AUTHOR, Mender.DICTIONARY, Mender.BUDGET
CHECKS: dict[str, Check] = {
    "never_true": Check(
        SOLVER,
        _AUTHOR,
        "条件永远不成立",
        "a condition that nobody can meet",
        "核对数字、单位和方向",
        "check figures, units and directions",
        "staff_count(year - 1) >= 300 and staff_count(year - 1) < 20",
    ),
    "always_true": Check(
        SOLVER,
        _AUTHOR,
        "条件永远成立，拦不住任何人",
        "a condition that refuses nobody",
        "删去，或写出真正的界限",
        "remove it, or say the bound that is meant",
        "age >= 0",
    ),
    "adds_nothing": Check(
        SOLVER,
        _AUTHOR,
        "条件的一部分、一种情形或一项要求已被其余部分包含",
        "a part, an alternative or a requirement that follows from the rest",
        "删去，或核对它本来要说什么",
        "remove it, or check what it was to say",
        "age >= 80 and age >= 60",
    ),
    "dead_branch": Check(
        SOLVER,
        _AUTHOR,
        "if 的分支永远走不到",
        "a branch of an `if` that nobody takes",
        "核对条件，或删去分支",
        "check the condition, or remove the branch",
        "if age >= 80 then (if age < 60 then 0 else 1) else 2",
    ),
    "never_entitled": Check(
        SOLVER,
        _AUTHOR,
        "同一事项的条件互相矛盾，没有人能够享受",
        "requirements of one item that contradict each other",
        "改其中一个条件，或改成几种情形之一（any_of）",
        "change one of them, or make them alternatives (any_of)",
        "small: staff_count(year - 1) < 20; large: staff_count(year - 1) >= 300",
    ),
    "row_never_taken": Check(
        SOLVER,
        _AUTHOR,
        "表中的行永远用不到",
        "a row of a table that no value reaches",
        "调整行的先后，或改行的条件",
        "change the order of the rows, or the row's tests",
        '{growth: ">= 0.10", …} above {growth: ">= 0.20", …} under hit: first',
    ),
    "row_never_paid": Check(
        SOLVER,
        _AUTHOR,
        "有钱的一档，符合条件的人都用不到",
        "a band that pays, and that nobody entitled reaches",
        "核对事项条件与表的分档",
        "check the item's requirements against the bands",
        'requires age >= 80; a row {age: "[60..79]", gives: 3000}',
    ),
    "band_gap": Check(
        INTERVALS,
        _AUTHOR,
        "分档之间有空档",
        "a hole between two bands",
        "改上下限，写明含不含本数",
        "mend the bounds: `[` includes, `(` does not",
        '"[80..89]", then "[91..99]" under hit: first',
    ),
    "band_overlap": Check(
        INTERVALS,
        _AUTHOR,
        "两档都含同一个数（含本数重复）",
        "two bands that hold the same value",
        "改上下限，写明含不含本数",
        "mend the bounds: `[` includes, `(` does not",
        '"[80..90]", then "[90..99]" under hit: first',
    ),
    "amount_below_zero": Check(
        ENGINE,
        _AUTHOR,
        "金额可能为负",
        "an amount that can fall below zero",
        "写 max(0, …)",
        "write max(0, …)",
        "(revenue_fen(year - 1) - other_fen) * 0.08",
    ),
    "amount_always_zero": Check(
        SOLVER,
        _AUTHOR,
        "金额永远是零",
        "an amount that is always zero",
        "核对公式与上限",
        "check the formula and its caps",
        "min(0, x * 0.08)",
    ),
    "entitled_without_amount": Check(
        ENGINE,
        _AUTHOR,
        "符合条件的人在表里没有对应的行",
        "somebody entitled for whom the table has no row",
        "补一行，或收紧条件",
        "add a row, or narrow the requirement",
        "requires degree in (bachelor, master, doctor); the table has no row for doctor",
    ),
    "limit_never_binds": Check(
        SOLVER,
        _AUTHOR,
        "min、max 里的一个数从不起作用",
        "an argument of min or max that never decides",
        "核对上限的数字与单位",
        "check the cap's figure and unit",
        "min(floor(x / 30) * 3000000, 30000000) where x is at most 60",
    ),
    "row_above_cap": Check(
        INTERVALS,
        _AUTHOR,
        "行的数高于表的上限",
        "a row that gives more than its table's cap",
        "改行，或改上限",
        "change the row or the cap",
        "cap: 2000000; a row gives 3000000",
    ),
    "amount_above_cap": Check(
        ENGINE,
        _AUTHOR,
        "金额可以超过条文或同类政策的上限",
        "an amount above the cap of the text or of its group",
        "写 min(…, 上限)",
        "write min(…, the cap)",
        "“最高 30 万元”; floor(x / 30) * 3000000",
    ),
    "figure_not_in_text": Check(
        TEXT,
        _AUTHOR,
        "规则里的数字，条文里没有",
        "a figure of a rule that the text does not have",
        "核对数字和单位（金额按分写）",
        "check the figure and its unit (money is in fen)",
        "“3000 万元（含）以上”; sales_fen(year - 1) >= 30000000",
    ),
    "bound_against_text": Check(
        TEXT,
        _AUTHOR,
        "含不含本数、上限下限，与条文不同",
        "a bound that the text includes and the rule does not, or the other way round",
        "按条文改 >= 与 >、<= 与 <",
        "change >= and >, <= and < as the text says",
        "“不低于 3%”; x > 0.03",
    ),
    "nobody_asked": Check(
        STRUCTURE,
        _AUTHOR,
        "免申即享的条件要用到只有申请人知道的数据",
        "an automatic item that leans on what only a claimant can tell",
        "改用部门已有的数据，或改成申请事项",
        "lean on what an office holds, or let people apply",
        "claim: automatic; a rule reads a question of form.yaml",
    ),
    "period_not_over": Check(
        STRUCTURE,
        _AUTHOR,
        "取的是还没有结束的年份或月份的数",
        "a figure of a year or month that is not over",
        "写 year - 1 或 month - 1",
        "write year - 1 or month - 1",
        "sales_fen(year) >= 30000000000",
    ),
    "unknown_item_in_past": Check(
        STRUCTURE,
        _AUTHOR,
        "以往发放记录里查的事项不存在",
        "earlier grants looked through for an item that does not exist",
        "写成 <包>/<事项>",
        "write <pack>/<item> as it is published",
        'some g in grants satisfies g.item = "north/heat/awrd"',
    ),
    "question_read_by_nothing": Check(
        STRUCTURE,
        _AUTHOR,
        "问了却没有规则用到",
        "a question that no rule reads",
        "删去这个问题",
        "remove the question",
        "questions: {staff_last_year: {kind: number}}",
    ),
    "asked_but_held": Check(
        TEXT,
        _AUTHOR,
        "问的、要交的，部门已有数据",
        "a question or a paper about what an office holds already",
        "改用字典里的数据项",
        "read the attribute of the dictionary instead",
        "“上年末从业人员数是多少？” beside staff_count",
    ),
    "expired": Check(
        STRUCTURE,
        _AUTHOR,
        "政策已过有效期",
        "a policy that is no longer in force",
        "撤下，或续期后改 valid",
        "withdraw it, or renew it and change `valid`",
        "valid: {from: 2024-01-01, to: 2025-01-01}",
    ),
    "basis_expired": Check(
        STRUCTURE,
        _AUTHOR,
        "依据的文件已经失效",
        "a document named as a basis that is no longer in force",
        "核对依据，换成现行文件",
        "check the basis and name the document in force",
        "根据〔2024〕1号…",
    ),
    "issued_after_end": Check(
        STRUCTURE,
        _AUTHOR,
        "印发时有效期已过",
        "issued when its validity had ended",
        "核对印发日期与有效期",
        "check the date of issue and the validity",
        "issued_on: 2026-02-10; valid: {to: 2026-01-01}",
    ),
    "window_outside_validity": Check(
        STRUCTURE,
        _AUTHOR,
        "申报期超出有效期",
        "a window that reaches beyond the validity",
        "改申报期或有效期",
        "change the window or the validity",
        "window: {to: 2027-06-01}; valid: {to: 2027-01-01}",
    ),
    "window_before_issue": Check(
        STRUCTURE,
        _AUTHOR,
        "申报期早于印发日",
        "a window that opens before the document was issued",
        "核对日期",
        "check the dates",
        "window: {from: 2025-04-01}; issued_on: 2026-03-02",
    ),
    "obligation_over": Check(
        STRUCTURE,
        _AUTHOR,
        "享受之前义务已经到期",
        "an obligation that is over before anybody is granted",
        "核对义务的期限",
        "check until when it binds",
        "until: 2025-12-31; window: {from: 2026-04-01}",
    ),
    "instalments_blocked": Check(
        STRUCTURE,
        _AUTHOR,
        "第二期起发不出来",
        "instalments of which only the first can be paid",
        "once_per 写上 instalment 或 month",
        "put instalment or month into the key",
        "schedule: {every: month}; once_per: [[subject, life]]",
    ),
    "parameter_not_in_force": Check(
        STRUCTURE,
        _AUTHOR,
        "参数在施行之初没有值",
        "a parameter without a value when the policy begins",
        "补上施行日起的值",
        "add the value from the first day",
        "effective: 2026-07-01; valid: {from: 2026-01-01}",
    ),
    "parameter_never_in_force": Check(
        STRUCTURE,
        _AUTHOR,
        "参数的值用不到",
        "a value of a parameter that is never used",
        "核对生效日期与地区",
        "check its date and its region",
        "effective: 2030-01-01; valid: {to: 2029-01-01}",
    ),
    "parameter_twice": Check(
        STRUCTURE,
        _AUTHOR,
        "同一天同一地区有两个值",
        "two values from one day in one region",
        "留下一个",
        "keep one of them",
        "two rows effective: 2026-01-01",
    ),
    "money_times_money": Check(
        STRUCTURE,
        _AUTHOR,
        "两个金额相乘",
        "two sums of money multiplied",
        "其中一个应是比例或人数",
        "one of them is to be a rate or a count",
        "revenue_fen(year - 1) * parameters.most_fen",
    ),
    "duplicate_item": Check(
        SOLVER,
        _AUTHOR,
        "两个事项给同样的人同样的钱，又不在同一个不重复的组",
        "two items that give the same people the same, outside any stacking group",
        "合并，或放进同一个组（stacking）",
        "merge them, or put both into one stacking group",
        "two items with the same requirements and the same amount",
    ),
    "contradicting_items": Check(
        SOLVER,
        _AUTHOR,
        "两个事项对同样的人给出不同的金额",
        "two items of one pack that give the same people different sums",
        "核对哪个对，或放进同一个组",
        "check which is right, or put both into one group",
        "two items with the same requirements, 1000 yuan and 2000 yuan",
    ),
    "budget_too_small": Check(
        STRUCTURE,
        _BUDGET,
        "预算不够付给符合条件的人",
        "a budget that cannot carry those entitled",
        "追加预算，或设名额、总额（quota）",
        "raise the budget, or limit the item by a quota",
        "1,200 entitled, 36 million yuan; the line holds 30 million",
    ),
    "quota_above_total": Check(
        SOLVER,
        _BUDGET,
        "名额乘以最低金额已超过总额",
        "places that the total cannot pay even at the lowest amount",
        "改名额或总额",
        "change the places or the total",
        "quota: {n: 500, total_yuan: 100000}; at least 1000 yuan each",
    ),
    "quota_zero": Check(
        STRUCTURE,
        _BUDGET,
        "名额或总额为零",
        "a quota of nothing",
        "写上名额或总额",
        "say how many, or how much",
        "quota: {n: 0}",
    ),
    "unused_attribute": Check(
        STRUCTURE,
        _DICTIONARY,
        "字典里的数据项没有任何政策用到（只在 --dictionary 时报告）",
        "an attribute that nothing uses (told with --dictionary only)",
        "确认还要不要采集",
        "ask whether it still needs to be collected",
        "an attribute that no rule, derivation or ranking reads",
    ),
}


def hint_of(code: str, lang: str) -> str:
    """Who can mend what a check found, and how."""
    check = CHECKS[code]
    who = _MENDERS[check.mender]
    return f"{who[0]}：{check.hint_zh}" if lang == "zh" else f"{who[1]}: {check.hint_en}"


_MENDERS = {
    Mender.AUTHOR: ("政策编写人", "the pack's author"),
    Mender.DICTIONARY: ("数据字典管理部门", "who keeps the dictionary"),
    Mender.BUDGET: ("预算主管部门", "who answers for the budget"),
}
