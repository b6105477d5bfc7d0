"""A tiny made-up pack root as bytes: firms with staff, wages and hires, and packs that pay a share of wages."""

from __future__ import annotations

from dataclasses import dataclass

_ATTRIBUTES = """
attributes:
  place:
    kind: text
    codes: region
    owner: register
    source: 登记库
    field_class: public
    audience: [organisation]
    words: {zh: 登记地, en: place}
  staff:
    kind: number
    unit: persons
    owner: statistics
    source: 统计库
    field_class: restricted
    audience: [organisation]
    can_change: more
    words: {zh: 人数, en: staff}
  sound:
    kind: boolean
    owner: statistics
    source: 统计库
    field_class: public
    audience: [organisation]
    stale_after_days: 90
    words: {zh: 正常, en: sound}
  wages_fen:
    kind: number
    unit: fen
    owner: statistics
    source: 统计库
    field_class: restricted
    audience: [organisation]
    words: {zh: 工资, en: wages}
relations:
  grants:
    singular: grant
    owner: register
    source: 直达平台发放记录
    field_class: restricted
    audience: [organisation]
    absence: empty
    words: {zh: 已发放记录, en: earlier grants}
    fields:
      item: {kind: text, words: {zh: 事项, en: item}}
      granted_on: {kind: date, words: {zh: 发放日期, en: granted on}}
      amount_fen: {kind: number, unit: fen, words: {zh: 金额, en: amount}}
  hires:
    singular: hire
    owner: statistics
    source: 就业登记
    field_class: personal
    audience: [organisation]
    absence: empty
    words: {zh: 新招用人员, en: hires}
    fields:
      person: {kind: text, field_class: personal, words: {zh: 人员, en: person}}
      months: {kind: number, unit: months, words: {zh: 月数, en: months}}
      wage_fen: {kind: number, unit: fen, words: {zh: 工资, en: wage}}
offices:
  register: {region: "990000", words: {zh: 登记处, en: Register}}
  statistics: {region: "990000", under: register, words: {zh: 统计处, en: Statistics}}
code_trees:
  region: {file: codes/region.csv, words: {zh: 行政区划, en: division}}
"""
_REGIONS = """# a made-up province; written 2026-01-01
code,parent,name
990000,,省
990100,990000,甲市
990102,990100,甲区
990200,990000,乙市
990202,990200,乙区
"""
_PACK = """id: {id}
issuer: register
owner: statistics
region: "{region}"
document:
  number: 〔2026〕1号
  issued_on: 2026-01-01
  topics: [劳动/就业]
  issued_file_sha256: {zeros}
valid: {{from: {valid_from}, to: {valid_to}}}
{header}"""
_POLICY = """# 标题 {name}

## 第一条 {{#a1}}
人数达到{least}人的单位，按工资给予补助。
"""
_ITEMS = """pay:
  audience: organisation
  within: place
  claim: automatic
  requires: [{requires}]
  benefit: {{kind: money, amount: pay_fen}}
  once_per: {once_per}
  budget_line: fund/{name}
  cites: [a1]
{more}"""
_RULES = """requirements:
  enough:
    kind: computed
    when: {when}
    cites: [a1]
amounts:
  pay_fen:
    is: {amount}
    cites: [a1]
"""
_WORDS_ZH = """title: 按人补助 {name}
plain: 人多就补。
items:
  pay: {{title: 补助 {name}, how_much: 按人计}}
requirements:
  enough: {{title: 人数够, met: 人数够了, not_met: 人数不够, unknown: 还不知道人数}}
"""
_WORDS_EN = """title: By the head {name}
plain: More heads, more money.
items:
  pay: {{title: Pay {name}, how_much: by the head}}
requirements:
  enough: {{title: Enough staff, met: Enough, not_met: Too few, unknown: Not yet known}}
"""
_PROCESS = """review:
  - {review}
fulfil:
  - pay: {{within_working_days: 5}}
"""
_GOLDEN = """defaults:
  as_of: {valid_from}
  facts: {{place: "{region}"}}
cases:
{cases}
"""
_BY_STAFF = """  - name: 够
    facts: {{staff: {least}, wages_fen: 100}}
    pay: {{answer: entitled, amount_fen: {fen}}}
  - name: 差一人
    facts: {{staff: {below}, wages_fen: 100}}
    pay: {{answer: not, because: [enough]}}
  - name: 不知道
    facts: {{wages_fen: 100}}
    pay: {{answer: possible, missing: [staff]}}
"""


@dataclass(frozen=True)
class MadeUp:
    """What differs between the made-up packs. By default a firm with 10 staff gets its wages once, once a year."""

    name: str = "heads"
    region: str = "990000"
    least: int = 10
    times: int = 1
    once_per: str = "[[subject, year]]"
    when: str = ""
    amount: str = ""
    more: str = ""
    cases: str = ""
    header: str = ""
    review: str = "check: {by: system}"
    valid_from: str = "2026-01-01"
    valid_to: str = "2027-01-01"

    @property
    def id(self) -> str:
        """The pack's id."""
        return f"made-up/{self.name}"

    @property
    def item(self) -> str:
        """The id of its one item."""
        return f"{self.id}/pay"

    def files(self) -> dict[str, bytes]:
        """The pack's files by path from the root."""
        blanks = {
            "id": self.id,
            "name": self.name,
            "region": self.region,
            "zeros": "0" * 64,
            "valid_from": self.valid_from,
            "valid_to": self.valid_to,
            "least": self.least,
            "below": self.least - 1,
            "fen": 100 * self.times,
            "requires": "enough",
            "once_per": self.once_per,
            "review": self.review,
            "header": self.header,
            "more": f"  {self.more}\n" if self.more else "",
            "when": self.when or f"staff >= {self.least}",
            "amount": self.amount or f"wages_fen * {self.times}",
        }
        blanks["cases"] = self.cases or _BY_STAFF.format(**blanks)
        texts = {
            "pack.yaml": _PACK,
            "policy.md": _POLICY,
            "items.yaml": _ITEMS,
            "rules.yaml": _RULES,
            "words/zh.yaml": _WORDS_ZH,
            "words/en.yaml": _WORDS_EN,
            "golden/firms.yaml": _GOLDEN,
            "process.yaml": _PROCESS,
        }
        return {f"{self.id}/{path}": text.format(**blanks).encode() for path, text in texts.items()}


HIRES = MadeUp(
    name="hires",
    once_per="[[record.person, life, anywhere]]",
    when="hire.months >= 6",
    amount="hire.wage_fen",
    more="for_each: hires",
    cases="""  - name: 一人够
    facts: {hires: [{person: p1, months: 6, wage_fen: 6000}, {person: p2, months: 5, wage_fen: 5000}]}
    pay: {answer: entitled, amount_fen: 6000}
  - name: 无人够
    facts: {hires: [{person: p2, months: 5, wage_fen: 5000}]}
    pay: {answer: not, because: [enough]}
""",
)
"""One claim for each hire, and each person counts once for life anywhere."""


def group(name: str, rule: str, per: str = "year", more: str = "") -> dict[str, bytes]:
    """A stacking group's file."""
    text = f"rule: {rule}\nper: {per}\nowner: register\nsource: 通知\nwords: {{zh: 组, en: group}}\n{more}"
    return {f"_groups/{name}.yaml": text.encode()}


def shared() -> dict[str, bytes]:
    """The dictionary's files."""
    return {"_attributes/all.yaml": _ATTRIBUTES.encode(), "_attributes/codes/region.csv": _REGIONS.encode()}


def root_files(*packs: MadeUp, groups: dict[str, bytes] | None = None) -> dict[str, bytes]:
    """A whole root."""
    files = {**shared(), **(groups or {})}
    for pack in packs:
        files.update(pack.files())
    return files
