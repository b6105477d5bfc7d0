"""Canonical JSON: one byte form, the sorting of RFC 8785, and everything it refuses."""

import json
from collections import UserList
from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from types import MappingProxyType

import pytest

from zhida.domain.errors import InvariantBroken
from zhida.domain.proofs import Entry, canonical_json, canonical_text, seal, seal_written


class Far(IntEnum):
    """A number of another type, and too large all the same."""

    BEYOND = 2**53


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
    "value",
    [
        1.0,
        b"ab",
        bytearray(b"ab"),
        float("nan"),
        2**53,
        -(2**53),
        "\ud800",
        {"\ud800": 1},
        {1: 2},
        b"x",
        {1, 2},
        [[[0.5]]],
        object(),
    ],
)
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(InvariantBroken, match="not_canonical"):
        canonical_json(value)


@pytest.mark.parametrize("wrap", [lambda inner: [inner], lambda inner: (inner,), lambda inner: {"a": inner}])
def test_thirty_two_containers_may_stand_in_one_another_and_no_more(wrap):
    value: object = 1
    for _ in range(32):
        value = wrap(value)
    assert canonical_json(value).count(b"1") == 1
    assert canonical_text(wrap(1), depth=31)
    for deeper in (lambda: canonical_json(wrap(value)), lambda: canonical_text(value, depth=1)):
        with pytest.raises(InvariantBroken, match="deeper"):
            deeper()


def test_values_that_only_behave_as_texts_numbers_lists_and_objects_are_written_as_these():
    class Duty(StrEnum):
        MAKER = "maker"

    class Step(IntEnum):
        LAST = 3

    value = MappingProxyType({"b": Duty.MAKER, "a": UserList([Step.LAST]), Duty.MAKER: range(2)})
    assert canonical_json(value) == b'{"a":[3],"b":"maker","maker":[0,1]}'


def test_integers_reach_to_the_last_that_every_reader_holds():
    for value in (2**53 - 1, 1 - 2**53, 0, True, False, None):
        assert canonical_json(value) == json.dumps(value).encode()
    for value in (2**53, -(2**53), Far.BEYOND):
        with pytest.raises(InvariantBroken, match="beyond"):
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
