"""A new pack to begin with: small, sound, and full of words that its author replaces."""

from __future__ import annotations

from datetime import date

from zhida.domain.errors import InvariantBroken
from zhida.domain.packs.dictionary import Dictionary
from zhida.domain.values import SubjectKind

_PACK = """id: {id}
issuer: {office}
owner: {office}
region: "{region}"
document:
  number: 〔{year}〕1号
  issued_on: {year}-01-01
  topics: [其他]
  issued_file_sha256: {zeros}
valid: {{from: {year}-01-01, to: {next}-01-01}}
"""
_POLICY = """# 政策标题

## 第一条 {#a1}
写明目的。

## 第二条 {#a2}
写明谁可以申报、须承诺什么。
"""
_ITEMS = """service:
  audience: {audience}
  within: {within}
  claim: applied
  requires: [truthful]
  benefit: {{kind: service}}
  cites: [a2]
"""
_RULES = """requirements:
  truthful:
    kind: undertaken
    cites: [a2]
"""
_CLAUSES = "a1: {not_computable: 说明为什么制定}\n"
_PROCESS = """review:
  - review: {by: owner, within_working_days: 10, cites: [a2]}
"""
_ZH = """title: 政策标题
plain: 用一句话说清楚：谁、得到什么、怎么办。
items:
  service: {title: 事项名称, how_much: 说明得到什么}
requirements:
  truthful: {title: 如实申报, met: 承诺申报内容真实}
"""
_EN = """title: Title of the policy
plain: "In one sentence: who gets what, and how."
items:
  service: {title: Title of the item, how_much: What it gives}
requirements:
  truthful: {title: Truthful, met: Promises that what is declared is true}
"""
_GOLDEN = """defaults:
  as_of: {year}-06-01
  facts: {{{within}: "{region}"}}
cases:
  - name: 承诺属实
    service: {{answer: entitled}}
  - name: 没有承诺
    rulings: {{truthful: false}}
    service: {{answer: not, because: [truthful]}}
"""


def new_pack(
    identifier: str, *, dictionary: Dictionary, office: str, region: str, audience: SubjectKind, on: date
) -> dict[str, bytes]:
    """The files of a pack that checks (path from the root → bytes): one item with one promise, for the year of `on`.

    Raises InvariantBroken where the dictionary knows no fact that holds such a subject's region.
    """
    places = [
        name
        for name, attribute in dictionary.attributes.items()
        if attribute.fact.code_tree == "region" and audience in attribute.audience
    ]
    if not places:
        raise InvariantBroken("no_region_fact", f"no attribute says where a {audience} is")
    blanks = {
        "id": identifier,
        "office": office,
        "region": region,
        "year": on.year,
        "next": on.year + 1,
        "zeros": "0" * 64,
        "audience": audience,
        "within": places[0],
    }
    files = {
        "pack.yaml": _PACK.format(**blanks),
        "policy.md": _POLICY,
        "items.yaml": _ITEMS.format(**blanks),
        "rules.yaml": _RULES,
        "clauses.yaml": _CLAUSES,
        "process.yaml": _PROCESS,
        "words/zh.yaml": _ZH,
        "words/en.yaml": _EN,
        "golden/first.yaml": _GOLDEN.format(**blanks),
    }
    return {f"{identifier}/{name}": text.encode() for name, text in files.items()}
