"""Ids, identifying codes, code trees, actors and scopes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhida.domain.errors import InvariantBroken
from zhida.domain.values import Actor, CodeTree, Scope, SubjectKind, new_id, once, prefix_of
from zhida.domain.values.subject import CodeVerdict, judge_credit_code, judge_resident_number


def test_ids_say_what_they_name_and_differ():
    ids = [new_id("case") for _ in range(100)]
    assert len(set(ids)) == 100
    assert {prefix_of(identifier) for identifier in ids} == {"case"}


ULID = "01ARZ3NDEKTSV4RRFFQ69G5FAV"


@pytest.mark.parametrize(
    "text",
    ["", "case", ULID, f"case-{ULID}", f"Case_{ULID}", f"c_{ULID}", f"case_{ULID}\n", f"case_{ULID[:-1]}",
     f"case_{ULID.lower()}", f"case_{ULID[:-1]}I", f"case_8{ULID[1:]}", f"a_b_{ULID}"],
)  # fmt: skip
def test_what_is_no_id_is_refused(text):
    assert prefix_of(f"case_{ULID}") == "case"
    with pytest.raises(InvariantBroken, match="malformed_id"):
        prefix_of(text)


@pytest.mark.parametrize("kind", ["", "c", "Case", "pack_revision", "办件", "averyverylongkind"])
def test_malformed_kinds_make_no_id(kind):
    with pytest.raises(InvariantBroken, match="malformed_id"):
        new_id(kind)


# Widely printed examples; the sound resident numbers are those of GB 11643-1999.
@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        ("91350100M000100Y43", CodeVerdict.SOUND),
        ("91350100M000100Y44", CodeVerdict.BAD_CHECK_DIGIT),
        ("350200200012345", CodeVerdict.OLD_FORM),
        ("91350100M000100Y4", CodeVerdict.FORGED),
        ("91350100M000100Y43\n", CodeVerdict.FORGED),
        ("91350100M000100y43", CodeVerdict.FORGED),
        ("91350100M000100I43", CodeVerdict.FORGED),
        ("９1350100M000100Y43", CodeVerdict.FORGED),
        ("91३50100M000100Y43", CodeVerdict.FORGED),
        ("", CodeVerdict.FORGED),
    ],
)
def test_credit_codes_are_judged_by_their_face(code, verdict):
    assert judge_credit_code(code) is verdict


@pytest.mark.parametrize(
    ("number", "verdict"),
    [
        ("11010519491231002X", CodeVerdict.SOUND),
        ("440524188001010014", CodeVerdict.SOUND),
        ("110105194912310021", CodeVerdict.BAD_CHECK_DIGIT),
        ("11010519491231002x", CodeVerdict.FORGED),
        ("11010519491231002X\n", CodeVerdict.FORGED),
        ("110105491231002", CodeVerdict.FORGED),
        ("１1010519491231002X", CodeVerdict.FORGED),
    ],
)
def test_resident_numbers_are_judged_by_their_face(number, verdict):
    assert judge_resident_number(number) is verdict


@given(st.text(max_size=20))
def test_no_text_makes_a_judge_raise(text):
    assert judge_credit_code(text) in CodeVerdict
    assert judge_resident_number(text) in CodeVerdict


REGIONS = CodeTree("regions", {"99": "", "9901": "99", "990101": "9901", "9902": "99", "zone": "9902"}, {"99": "某省"})


def test_within_is_kleene():
    assert REGIONS.within("990101", "99") is True
    assert REGIONS.within("9901", "9901") is True
    assert REGIONS.within("9902", "9901") is False
    assert REGIONS.within("zone", "9902") is True  # no shared prefix
    assert REGIONS.within("99", "9901") is None  # less precise than asked
    assert REGIONS.within("9903", "99") is None
    assert REGIONS.within("9901", "98") is None
    assert REGIONS.ancestors("990101") == ("9901", "99")
    assert REGIONS.ancestors("nowhere") == ()
    assert ("zone" in REGIONS, "nowhere" in REGIONS) == (True, False)


@pytest.mark.parametrize("parents", [{"a": "a"}, {"a": "b", "b": "a"}, {"x": "a", "a": "b", "b": "c", "c": "a"}])
def test_a_tree_has_no_circles(parents):
    with pytest.raises(InvariantBroken, match="code_cycle"):
        CodeTree("broken", parents)


def test_actors_record_only_what_they_are():
    assert Actor("account_1", "clerk", office="bureau").record() == {
        "account": "account_1",
        "duty": "clerk",
        "office": "bureau",
    }


def test_a_scope_limits_unless_it_says_otherwise():
    assert Scope() == Scope(frozenset(), frozenset(), frozenset())
    assert Scope.system("screening") == Scope(None, None, None, "screening")
    own = Scope.own(frozenset({"subject_1"}), "case_1")
    assert (own.offices, own.regions, own.subjects) == (None, None, {"subject_1"})
    assert [kind.value for kind in SubjectKind] == ["organisation", "person", "household"]


def test_what_a_form_carried_is_kept_where_it_is_an_id_of_its_kind() -> None:
    assert once("case", f"case_{ULID}") == f"case_{ULID}"
    for text in ("", "case_x", f"subject_{ULID}", f"case_{ULID} "):
        assert prefix_of(once("case", text)) == "case"
        assert once("case", text) != text
