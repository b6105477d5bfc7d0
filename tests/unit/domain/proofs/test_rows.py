"""Stored rows against the log: what fits passes by its bytes, what does not is named by record, column and field."""

from __future__ import annotations

import json
from typing import Any

import pytest

from zhida.domain.proofs import Disclosure, Entry, Fault, canonical_json, leaf_hash, seal
from zhida.domain.proofs import rows as checking
from zhida.domain.proofs.entry import instant_of
from zhida.domain.proofs.rows import Row, check_row, leaf_text, missing_rows

AT = "2026-03-10T01:02:03.000000Z"
PLAIN = {"amount": 5688750, "reason": "某某", "when": None}
MISLEADING = {"amount": 1, "copy": {"amount": {"salt": "ab" * 16, "value": 2}}, "when": "then"}
"""What a field holds here looks like the beginning of another."""


def stored(fields: dict[str, Any], kind: str = "case.decided", about: str = "case_1") -> Row:
    """A fact's row at position 7, as it is kept when nothing was altered."""
    salts = {name: bytes([number]) * 15 + b"\xab" for number, name in enumerate(fields, 1)}
    sealed = seal(Entry("entry_1", kind, about, instant_of(AT), fields), salts)
    digests = canonical_json({name: digest.hex() for name, digest in sealed.digests.items()}).decode()
    shown = {name: Disclosure(value, salts[name]) for name, value in fields.items()}
    kept = {name: {"salt": each.salt.hex(), "value": each.value} for name, each in shown.items()}
    return Row(7, "entry_1", "entry_1", kind, about, AT, digests, canonical_json(kept).decode())


ROW, NESTED, EMPTY = stored(PLAIN), stored(MISLEADING), stored({})
OTHER = stored({**PLAIN, "amount": 1})


def entry_of(row: Row) -> bytes:
    """The bytes of a row's leaf, made by the general rule for canonical JSON."""
    head = {"about": row.about, "at": row.at, "digests": json.loads(row.digests or ""), "id": row.id, "kind": row.kind}
    return canonical_json(head)


def checked(row: Row, true: Row = ROW, *, known: bool = True) -> tuple[list[str], list[str]]:
    """The names of what is wrong, and of what is no longer held; with or without the true entry at hand."""
    entry = entry_of(true)
    faults, hidden = check_row(row, leaf_hash(entry), entry if known else None)
    assert {(each.first, each.until) for each in faults} <= {(7, 8)}
    return [each.field for each in faults], hidden


def with_fields(row: Row, **changes: Any) -> Row:
    """The row with some fields kept otherwise, in canonical form; None takes one away."""
    kept = {name: each for name, each in (json.loads(row.fields or "") | changes).items() if each is not None}
    return row._replace(fields=canonical_json(kept).decode())


def shown(name: str, row: Row = ROW) -> dict[str, Any]:
    return dict(json.loads(row.fields or "")[name])


@pytest.mark.parametrize("about", ["case_1", "", "a b", 'a"b\\c', "某", "a\nb\x7f", "é-/:._Z9"])
def test_a_row_gives_the_canonical_bytes_of_its_leaf(about: str) -> None:
    for row in (stored(PLAIN, about=about), stored({}, kind=about)):
        assert leaf_text(row) == entry_of(row)
        assert checked(row, row) == ([], [])


@pytest.mark.parametrize("column", ["id", "kind", "about", "at", "digests"])
def test_a_row_without_one_of_its_columns_gives_no_leaf(column: str) -> None:
    assert leaf_text(ROW._replace(**{column: None})) is None
    assert leaf_text(ROW._replace(**{column: "\ud800"})) is None


@pytest.mark.parametrize("row", [ROW, NESTED, EMPTY])
@pytest.mark.parametrize("known", [True, False])
def test_a_row_that_fits_has_no_faults(row: Row, known: bool) -> None:
    assert checked(row, row, known=known) == ([], [])


@pytest.mark.parametrize("known", [True, False])
def test_what_was_erased_is_told_and_is_no_fault(known: bool) -> None:
    assert checked(with_fields(ROW, reason=None), known=known) == ([], ["reason"])
    assert checked(with_fields(ROW, amount=None, when=None), known=known) == ([], ["amount", "when"])
    for fields in (None, "{}"):
        assert checked(ROW._replace(fields=fields), known=known) == ([], ["amount", "reason", "when"])
    assert checked(EMPTY._replace(fields=None), EMPTY, known=known) == ([], [])


def test_what_fits_is_recognised_without_being_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    part, entry = with_fields(ROW, reason=None), entry_of(ROW)
    monkeypatch.setattr(checking, "json", None)
    assert check_row(ROW, leaf_hash(entry), entry) == ([], [])
    assert check_row(ROW, leaf_hash(entry), None) == ([], [])
    assert check_row(part, leaf_hash(entry), entry) == ([], ["reason"])


def test_a_value_that_looks_like_a_field_misleads_nobody() -> None:
    assert checked(with_fields(NESTED, when=None), NESTED) == ([], ["when"])
    assert checked(with_fields(NESTED, amount=None, when=None), NESTED) == ([], ["amount", "when"])
    changed = shown("copy", NESTED) | {"value": {"amount": {"salt": "ab" * 16, "value": 3}}}
    assert checked(with_fields(NESTED, copy=changed), NESTED) == (["copy"], [])


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"kind": "case.opened"}, ["kind"]),
        ({"about": "case_2"}, ["about"]),
        ({"about": "\ud800"}, ["about"]),
        ({"about": None}, ["about"]),
        ({"at": "2026-03-10T01:02:04.000000Z"}, ["at"]),
        ({"digests": OTHER.digests}, ["digests"]),
        ({"digests": f" {ROW.digests}"}, ["digests"]),
        ({"digests": None, "at": None, "about": None, "kind": None}, ["kind", "about", "at", "digests"]),
        ({"kind": "case.opened", "fields": OTHER.fields}, ["kind", "amount"]),
        ({"kind": "case.opened", "fields": None}, ["kind"]),
        ({"entry_id": "entry_2", "id": "entry_2", "fields": OTHER.fields}, ["leaf.entry_id"]),
        ({"entry_id": "entry_2"}, ["leaf.entry_id"]),
        ({"id": None, "kind": None, "fields": OTHER.fields}, ["id"]),
        ({"id": "entry_2"}, [""]),
    ],
)
def test_each_altered_column_is_named_where_the_entry_is_known(changes: dict[str, Any], named: list[str]) -> None:
    assert checked(ROW._replace(**changes)) == (named, [])


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"kind": "case.opened"}, [""]),
        ({"kind": None}, [""]),
        ({"entry_id": "entry_2"}, [""]),
        ({"kind": "case.opened", "fields": OTHER.fields}, ["amount"]),
        ({"digests": OTHER.digests}, ["amount"]),
        ({"digests": None, "fields": None}, [""]),
    ],
)
def test_with_no_entry_at_hand_only_fields_can_be_named(changes: dict[str, Any], named: list[str]) -> None:
    assert checked(ROW._replace(**changes), known=False) == (named, [])


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"amount": shown("amount") | {"value": 5688751}}, ["amount"]),
        ({"amount": shown("amount") | {"value": "5688750"}}, ["amount"]),
        ({"amount": shown("amount") | {"salt": "02" * 16}}, ["amount"]),
        ({"amount": shown("amount") | {"salt": shown("amount")["salt"].upper()}}, ["amount"]),
        ({"amount": shown("amount") | {"salt": "00"}}, ["amount"]),
        ({"amount": shown("amount") | {"salt": 1}}, ["amount"]),
        ({"amount": shown("amount") | {"zest": 1}}, ["amount"]),
        ({"amount": {"value": 5688750}}, ["amount"]),
        ({"amount": []}, ["amount"]),
        ({"amount": shown("amount") | {"value": 1}, "when": None}, ["amount"]),
        ({"amount": shown("reason"), "reason": shown("amount")}, ["amount", "reason"]),
        ({name: shown(name) | {"value": 0} for name in PLAIN}, ["amount", "reason", "when"]),
        ({"stray": shown("amount")}, ["fields"]),
        ({"Stray": shown("amount"), "amount": None}, ["amount"]),
        ({"stray": shown("amount"), "amount": None, "when": None}, ["fields"]),
    ],
)
def test_each_altered_field_is_named(changes: dict[str, Any], named: list[str], known: bool) -> None:
    assert checked(with_fields(ROW, **changes), known=known) == (named, [])


KEPT = ROW.fields or ""
AMOUNT, REASON, WHEN = (f'"{name}":{canonical_json(shown(name)).decode()}' for name in PLAIN)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        (KEPT.replace("5688750", "56887 50"), ["amount"]),
        (KEPT.replace("5688750", "5688750.0"), ["amount"]),
        (KEPT.replace("5688750", "[" * 100_000), ["amount"]),
        (KEPT.replace("5688750", '"\ud800"'), ["amount"]),
        (KEPT.replace("某某", '某"某'), ["reason"]),
        (KEPT.replace("null", "nul"), ["when"]),
        (KEPT.replace("null", "nul").replace("5688750", "+1"), ["fields"]),
        (KEPT.replace('"when":{', '"when": {').replace("5688750", "+1"), ["fields"]),
        (KEPT + " ", ["when"]),
        (" " + KEPT, ["fields"]),
        (KEPT.replace("5688750", "5688750 "), ["amount"]),
        (f"{{{AMOUNT},{KEPT[1:]}", ["fields"]),
        (f"{{{WHEN},{REASON},{AMOUNT}}}", ["fields"]),
        (f"{{{AMOUNT},{WHEN},{REASON}}}", ["fields"]),
        (KEPT[:-1], ["when"]),
        ("", ["fields"]),
        ("[]", ["fields"]),
        ("null", ["fields"]),
        ("某", ["fields"]),
    ],
)
def test_a_text_that_is_not_as_it_was_written_is_named_as_far_as_it_says(fields: str, named: list[str]) -> None:
    assert checked(ROW._replace(fields=fields)) == (named, [])


def test_a_row_of_one_field_can_only_have_had_that_one_altered() -> None:
    one = stored({"amount": 1})
    for fields in ("", "{", "[]"):
        assert checked(one._replace(fields=fields), one) == (["amount"], [])


def test_a_fault_says_where_what_and_in_which_record() -> None:
    entry = entry_of(ROW)
    (fault,), _ = check_row(OTHER._replace(digests=ROW.digests), leaf_hash(entry), entry)
    assert fault[:3] == (7, 8, "amount")
    assert fault.reason == (
        "altered_field",
        "第 7 位 entry_1 的 amount 被改动过。",
        "amount of entry_1 at position 7 was altered.",
    )
    assert fault.record == "entry_1"
    (fault,), _ = check_row(ROW._replace(kind="case.opened"), leaf_hash(entry), None)
    words = ("altered_entry", "第 7 位与其叶哈希不符。", "Position 7 does not fit its leaf hash.")
    assert fault == Fault(7, 8, "", words, "entry_1")
    (fault,), _ = check_row(ROW._replace(entry_id="entry_2"), leaf_hash(entry), entry)
    assert (fault.field, fault.record) == ("leaf.entry_id", "entry_1")


def test_missing_rows_are_a_cut_tail_or_a_gap() -> None:
    cut = missing_rows(3, 9, entry_of(ROW), is_tail=True)
    assert cut[:3] == (3, 9, "leaf.position")
    assert cut.reason == ("tail_cut", "第 3 位起尾部被截去。", "The tail from position 3 on was cut.")
    assert cut.record == "entry_1"
    gap = missing_rows(3, 4, None, is_tail=False)
    assert gap[:3] == (3, 4, "leaf.position")
    assert gap.reason == ("wrong_position", "第 3 位缺失或顺序不对。", "Position 3 is missing or out of order.")
    assert gap.record == ""
    assert missing_rows(3, 4, entry_of(ROW), is_tail=False).record == "entry_1"
