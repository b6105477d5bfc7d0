"""Personal numbers under this installation's keys: sealed to be kept, indexed to be found, opened when due."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

from zhida.domain.registers.columns import canonical
from zhida.kernel.registry.ports import registry_keys
from zhida.kernel.registry.sealing import blind_index, seal, unseal


def seal_number(number: str, *, about: str) -> bytes:
    """A number, encrypted and bound to the id of whom or what it belongs to."""
    return seal(number, key=registry_keys().sealing_key(), about=about)


def hide_numbers(numbers: Mapping[str, str]) -> dict[str, tuple[bytes, str]]:
    """Each subject id's number, sealed and blindly indexed."""
    sealing, index = registry_keys().sealing_key(), registry_keys().index_key()
    return {
        about: (seal(number, key=sealing, about=about), blind_index(number, key=index))
        for about, number in numbers.items()
    }


def open_number(sealed: bytes | memoryview, *, about: str) -> str:
    """The number that `seal_number` hid. Raises InvariantBroken where it does not open."""
    return unseal(sealed, key=registry_keys().sealing_key(), about=about)


def number_index(number: str) -> str:
    """The blind index under which a number is found."""
    return blind_index(number, key=registry_keys().index_key())


def seal_line(batch_id: str, line: Mapping[str, Any]) -> bytes:
    """A quarantined line, encrypted and bound to its batch."""
    return seal(canonical(line).decode(), key=registry_keys().sealing_key(), about=batch_id)


def open_line(batch_id: str, sealed: bytes | memoryview) -> dict[str, Any]:
    """The line that `seal_line` hid; dates come back as text."""
    return cast(dict[str, Any], json.loads(unseal(sealed, key=registry_keys().sealing_key(), about=batch_id)))
