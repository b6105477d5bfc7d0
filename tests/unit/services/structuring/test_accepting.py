"""A person's yes: a new fact enters the dictionary, and a condition over it is computed from then on."""

from __future__ import annotations

import pytest

from tests.unit.services.structuring.made_up import MEASURE, drafted
from tests.unit.services.structuring.test_drafting import shared, words
from zhida.domain.errors import AuthorError
from zhida.domain.packs import read_root
from zhida.domain.packs.proposals import Proposal, State
from zhida.services.structuring import DRAFTED, Draft, accept, instead, says_nothing
from zhida.services.structuring.plan import SURE

_PACK = "drafts/one"


def files_of(draft: Draft) -> dict[str, bytes]:
    return {**shared(), **{f"{_PACK}/{name}": data for name, data in draft.files.items()}}


def of_kind(draft: Draft, kind: str, anchor: str) -> Proposal:
    return next(each for each in draft.proposals if each.kind == kind and each.anchor == anchor)


def test_a_condition_over_a_new_fact_is_computed_once_both_are_accepted() -> None:
    draft = drafted(MEASURE, words())
    fact, condition = of_kind(draft, "attribute", "a3-4"), of_kind(draft, "condition", "a3-4")
    settled, changed = accept(draft.proposals, [fact.id, condition.id], files_of(draft), _PACK)
    root = read_root({**files_of(draft), **changed})
    assert [str(each) for each in root.problems] == []
    assert root.packs[_PACK].requirements["met_a3_4"].kind == "computed"
    assert root.dictionary.attributes[str(fact.value["name"])].words["zh"] == "近三年重大安全事故"
    assert [each.state for each in settled if each.id in (fact.id, condition.id)] == [State.ACCEPTED, State.ACCEPTED]


def test_a_condition_waits_for_its_facts() -> None:
    draft = drafted(MEASURE, words())
    condition = of_kind(draft, "condition", "a3-4")
    with pytest.raises(AuthorError) as caught:
        accept(draft.proposals, [condition.id], files_of(draft), _PACK)
    assert [each.code for each in caught.value.problems] == ["unaccepted_fact"]


def test_a_known_fact_stands_in_for_a_new_one_of_the_same_meaning() -> None:
    text = MEASURE.replace("（四）近三年没有发生重大安全事故。", "（四）上一年度零售额在1000万元以上。")
    draft = drafted(text, words())
    fact, condition = of_kind(draft, "attribute", "a3-4"), of_kind(draft, "condition", "a3-4")
    assert "sales_fen" in fact.value["alike"]
    assert fact.confidence < SURE
    assert fact.reason["zh"].startswith("意思相近：")
    taken = instead(draft.proposals, {fact.id: "sales_fen"}, words())
    _, changed = accept(taken, [condition.id], files_of(draft), _PACK)
    root = read_root({**files_of(draft), **changed})
    assert [str(each) for each in root.problems] == []
    assert b"sales_fen(year - 1) >= 1000000000" in changed[f"{_PACK}/rules.yaml"]
    assert DRAFTED not in changed


def test_only_a_fact_that_is_offered_stands_in() -> None:
    draft = drafted(MEASURE, words())
    fact = of_kind(draft, "attribute", "a3-4")
    with pytest.raises(AuthorError) as caught:
        instead(draft.proposals, {fact.id: "age"}, words())
    assert [each.code for each in caught.value.problems] == ["fact_not_offered"]


def test_a_fact_is_written_once() -> None:
    draft = drafted(MEASURE, words())
    fact = of_kind(draft, "attribute", "a3-4")
    _, once = accept(draft.proposals, [fact.id], files_of(draft), _PACK)
    _, twice = accept(draft.proposals, [fact.id], {**files_of(draft), **once}, _PACK)
    assert once[DRAFTED] == twice[DRAFTED]


def test_a_mere_mark_changes_no_file() -> None:
    draft = drafted(MEASURE, words())
    settled, changed = accept(draft.proposals, ["p1"], files_of(draft), _PACK)
    assert (settled[0].state, changed) == (State.ACCEPTED, {})


def test_points_of_which_one_is_enough_are_alternatives() -> None:
    text = MEASURE.replace("应当符合下列条件：", "应当符合下列条件之一：")
    text = text.replace("（四）近三年没有发生重大安全事故。", "（四）年末从业人员数在5人以上，已列入市级示范名单。")
    found = read_root(files_of(drafted(text, words()))).packs[_PACK].requirements
    assert found["any_a3"].kind == "judged"
    text = MEASURE.replace("应当符合下列条件：", "应当符合下列条件之一：").replace(
        "（四）近三年没有发生重大安全事故。\n", ""
    )
    found = read_root(files_of(drafted(text, words()))).packs[_PACK].requirements
    assert (found["any_a3"].kind, len(found["any_a3"].alternatives)) == ("computed", 3)


_INSIDE = "第四条 对上一年度营业收入2000万元以上的企业给予20万元奖励。"


def test_a_condition_inside_a_benefit_becomes_one_of_its_item() -> None:
    draft = drafted(MEASURE.replace("第四条 对符合条件的单位给予一次性20万元奖励。", _INSIDE), words())
    condition = of_kind(draft, "condition", "a4")
    facts = [each.id for each in draft.proposals if each.kind == "attribute" and each.anchor == "a4"]
    _, changed = accept(draft.proposals, [condition.id, *facts], files_of(draft), _PACK)
    root = read_root({**files_of(draft), **changed})
    assert [str(each) for each in root.problems] == []
    pack = root.packs[_PACK]
    (name,) = (each for each in pack.items["item_a4"].requires if each.startswith("in_a4_"))
    assert pack.requirements[name].kind == "computed"
    assert pack.words["zh"].requirements[name].title == "上一年度营业收入2000万元以上的企业"


def test_what_was_not_read_cannot_be_called_right() -> None:
    bare = (
        MEASURE.split("第一章", 1)[1].replace("北辰市", "").replace("（一）上一年度", "（一）在本市登记注册，上一年度")
    )
    draft = drafted(bare, words())
    lost = {each.kind: each for each in draft.proposals if says_nothing(each)}
    assert {*lost} == {"title", "condition"}
    for each in lost.values():
        with pytest.raises(AuthorError) as caught:
            accept(draft.proposals, [each.id], files_of(draft), _PACK)
        assert {one.code for one in caught.value.problems} == {"nothing_read"}
