"""Canonical JSON: one byte form, the sorting of RFC 8785, and everything it refuses."""

import pytest

from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs import canonical_json


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
