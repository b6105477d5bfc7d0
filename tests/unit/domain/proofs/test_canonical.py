"""Canonical JSON: one byte form, the sorting of RFC 8785, and everything it refuses."""

from datetime import UTC, datetime

import pytest

from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs import Entry, canonical_json, canonical_text, seal, seal_written


def test_keys_are_sorted_by_utf16_units_as_in_rfc_8785_section_3_2_3():
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    expected = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    written = canonical_json(dict.fromkeys(keys, 0)).decode()
    assert [written.index(key if key != "\r" else "\\r") for key in expected] == sorted(
        written.index(key if key != "\r" else "\\r") for key in expected
    )


def test_form():
    value = {"乙": [1, True, None, '\u000f\n"\\/é'], "a": {"z": -3, "b": ()}}
    assert canonical_json(value) == '{"a":{"b":[],"z":-3},"乙":[1,true,null,"\\u000f\\n\\"\\\\/é"]}'.encode()


@pytest.mark.parametrize(
    "value", [1.0, float("nan"), 2**53, -(2**53), "\ud800", {"\ud800": 1}, {1: 2}, b"x", {1, 2}, [[[0.5]]], object()]
)
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(InvariantBroken, match="not_canonical"):
        canonical_json(value)


def test_depth_is_bounded():
    value: list = []
    for _ in range(40):
        value = [value]
    with pytest.raises(InvariantBroken, match="deeper"):
        canonical_json(value)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"amount_fen": 2**53 - 1, "line": "jobs/稳岗", "by": {"duty": "maker", "account": "account_1"}},
        {"b": None, "a.b": [True, False, [], {}], "a": "", "a_b": '\u000f\n"\\/é𠮷', "a0": -1},
        {"deep": {"乙": [{"\u20ac": 1, "\ufb33": 2, "\U0001f600": [3, {"x": "y"}]}]}},
    ],
)
def test_sealing_written_values_comes_to_the_same_as_sealing_them(fields):
    salts = {name: bytes([number]) * 16 for number, name in enumerate(fields)}
    entry = Entry("entry_1", "case.decided", "case_1", datetime(2026, 3, 3, tzinfo=UTC), fields)
    digests = {name: digest.hex() for name, digest in seal(entry, salts).digests.items()}
    kept = {name: {"salt": salts[name].hex(), "value": value} for name, value in fields.items()}
    written = {name: canonical_text(value, depth=2) for name, value in fields.items()}
    sealed = seal_written(written, b"".join(salts[name] for name in sorted(fields)))
    assert sealed == (canonical_json(digests).decode(), canonical_json(kept).decode())


def test_sealing_written_values_refuses_what_sealing_refuses():
    for written, salts, code in (
        ({"a": "1"}, b"", "salts_do_not_fit"),
        ({"a": "1", "b": "1"}, bytes(32), "salts_do_not_fit"),
        ({"A": "1"}, bytes(16), "malformed_field_name"),
    ):
        with pytest.raises(InvariantBroken, match=code):
            seal_written(written, salts)
    with pytest.raises(InvariantBroken, match="not_canonical"):
        canonical_text("\ud800")
