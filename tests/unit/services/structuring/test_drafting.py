"""From a measure to a draft: outline, head, sums, conditions, proposals with their places, and a folder that checks."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from tests.unit.services.structuring.made_up import MEASURE, drafted
from zhida.domain.packs import Dictionary, Root, TierName, read_root, tier_of
from zhida.domain.packs.proposals import PROPOSALS, State
from zhida.services.structuring import Draft
from zhida.surfaces.cli.folders import read_files

_PACKS = Path(__file__).resolve().parents[4] / "packs"


@cache
def shared() -> dict[str, bytes]:
    return {name: data for name, data in read_files(_PACKS).items() if name.startswith(("_attributes/", "_groups/"))}


@cache
def words() -> Dictionary:
    return read_root(shared()).dictionary


@cache
def draft() -> Draft:
    return drafted(MEASURE, words())


def root() -> Root:
    return read_root({**shared(), **{f"drafts/one/{name}": data for name, data in draft().files.items()}})


def values(kind: str, anchor: str = "") -> list[dict[str, object]]:
    found = [each for each in draft().proposals if each.kind == kind and anchor in ("", each.anchor)]
    return [dict(each.value) for each in found]


def test_the_outline_follows_the_numbers() -> None:
    anchors = [each.clause.anchor for each in draft().structure.readings]
    expected = ["c1", "a1", "a2", "c2", "a3", "a3-1", "a3-2", "a3-3", "a3-4", "a4", "a5", "a5-p2"]
    expected += ["c3", "a6", "a6-1", "a6-2", "a7", "a8", "a9", "a10", "a11"]
    assert anchors == expected


def test_the_head_is_told_from_the_words() -> None:
    head = draft().structure.header
    assert head.title is not None
    assert head.number is not None
    assert (head.title.text, head.number.text) == ("北辰市促进小微企业稳岗扩岗若干措施", "辰人社规〔2026〕12号")
    assert [each.text for each in head.issuers] == ["北辰市人力资源和社会保障局"]
    assert str(head.issued_on and head.issued_on[0]) == "2026-03-20"
    assert (str(draft().structure.validity.first), str(draft().structure.validity.end)) == ("2026-04-01", "2029-04-01")


def test_conditions_become_feel_over_the_dictionary() -> None:
    assert [each["feel"] for each in values("condition", "a3-1")] == ["revenue_fen(year - 1) <= 4000000000"]
    assert [each["feel"] for each in values("condition", "a3-2")] == ["staff_count(year - 1) >= 20"]
    assert [each["feel"] for each in values("condition", "a3-3")] == ["not(seriously_discredited)"]


def test_what_the_dictionary_lacks_is_proposed_and_left_to_a_person() -> None:
    condition, fact = values("condition", "a3-4")[0], values("attribute", "a3-4")[0]
    assert (condition["feel"], condition["needs"]) == (f"not({fact['name']})", [fact["name"]])
    assert (fact["words"], fact["kind"]) == ("近三年重大安全事故", "boolean")
    assert root().packs["drafts/one"].requirements["met_a3_4"].kind == "judged"


def test_sums_say_what_they_are() -> None:
    told = [(each["fen"], each["role"], each["per"]) for each in values("amount")]
    assert told == [
        (4000000000, "threshold", []),
        (20000000, "fixed", []),
        (80000, "per_unit", ["人", "月"]),
        (50000000, "cap", ["单位", "年"]),
        (30000000, "fixed", []),
        (20000000, "fixed", []),
        (10000000, "fixed", []),
    ]


def test_figures_go_with_their_cases() -> None:
    assert [(each["case"], each["fen"]) for each in values("band", "a5-p2")] == [
        ("国家级", 30000000),
        ("省级", 20000000),
        ("市级示范基地", 10000000),
    ]


def test_terms_name_their_act() -> None:
    clocks = [(each["count"], each["unit"], each["act"]) for each in values("clock")]
    assert (10, "working_days", "review") in clocks
    assert (5, "working_days", "publicise") in clocks
    assert (7, "working_days", "pay") in clocks


def test_every_quote_stands_where_its_span_says() -> None:
    texts = {each.number: each.text for each in draft().structure.document.paragraphs}
    placed = [each for each in draft().proposals if each.span.paragraph and each.kind not in ("role", "condition")]
    assert len(placed) > 20
    wrong = [
        each for each in placed if texts[each.span.paragraph][each.span.start : each.span.end].strip() != each.quote
    ]
    assert wrong == []


def test_the_draft_checks_and_has_no_tier_while_a_proposal_is_open() -> None:
    found = root()
    assert [str(each) for each in found.problems] == []
    tier = tier_of(found, found.packs["drafts/one"])
    assert tier.tier is TierName.NONE
    assert len(tier.lacks) == len(draft().proposals)
    assert all(lacking.startswith("open proposal p") for lacking in tier.lacks)


def test_a_draft_with_every_proposal_settled_is_judged_like_any_pack() -> None:
    rows = json.loads(draft().files[PROPOSALS])
    for row in rows:
        row["state"] = str(State.ACCEPTED)
    files = {f"drafts/one/{name}": data for name, data in draft().files.items()}
    files[f"drafts/one/{PROPOSALS}"] = json.dumps(rows).encode()
    found = read_root({**shared(), **files})
    lacks = tier_of(found, found.packs["drafts/one"]).lacks
    assert lacks
    assert not any("proposal" in lacking for lacking in lacks)


def test_the_same_text_gives_the_same_bytes() -> None:
    assert drafted(MEASURE, words()).files == draft().files


def test_a_malformed_list_of_proposals_is_a_problem() -> None:
    files = {f"drafts/one/{name}": data for name, data in draft().files.items()}
    files[f"drafts/one/{PROPOSALS}"] = b'[{"id": "p1", "state": "waved through"}]'
    assert {each.code for each in read_root({**shared(), **files}).problems} == {"malformed_proposals"}


def test_a_clause_that_says_more_than_was_read_is_left_to_a_person() -> None:
    """High-tech firms are not those of a list that leads there, and two limits of one fact are two cases."""
    text = MEASURE.replace("（四）近三年没有发生重大安全事故。", "（四）进入高新技术企业培育库的企业。")
    text = text.replace("不超过4000万元；", "不超过4000万元；若为其他类型，上一年度营业收入不超过1000万元；")
    files = {f"drafts/one/{name}": data for name, data in drafted(text, words()).files.items()}
    requirements = read_root({**shared(), **files}).packs["drafts/one"].requirements
    assert [requirements[name].kind for name in ("met_a3_1", "met_a3_2", "met_a3_4")] == [
        "judged",
        "computed",
        "judged",
    ]


def test_what_excludes_is_asked_the_other_way_round() -> None:
    """Whoever meets a point below 有下列情形之一的不予支持 is refused: each has to be absent."""
    listed = "（一）近三年发生重大安全事故；\n（二）未按规定缴纳水费；"
    text = f"扶持办法\n第一条 有下列情形之一的不予支持：\n{listed}\n第二条 对符合条件的企业给予2万元奖励。\n"
    files = drafted(text, words()).files
    told = files["words/zh.yaml"].decode()
    assert "title: 没有这种情形：近三年发生重大安全事故" in told
    assert "title: 没有这种情形：未按规定缴纳水费" in told
    assert "any_of" not in files["rules.yaml"].decode()
