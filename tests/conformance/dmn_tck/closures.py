"""Functions that a model or an expression defines: parameters by place or by name, coerced to their types."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.conformance.dmn_tck.types import Type, Types


@dataclass(frozen=True, eq=False)
class Closure:
    """`run` takes the arguments by parameter name."""

    parameters: tuple[tuple[str, Type], ...]
    result: Type
    run: Callable[[Mapping[str, Any]], Any]
    types: Types

    def call(self, arguments: Sequence[Any], names: Sequence[str] = ()) -> Any:
        """The result, coerced to its type; null where the arguments do not fit (clause 10.3.2.13.2)."""
        expected = [name for name, _ in self.parameters]
        given = dict(zip(names or expected, arguments, strict=False))
        if len(arguments) != len(expected) or set(given) != set(expected):
            return None
        bound = {name: self.types.coerced(given[name], kind) for name, kind in self.parameters}
        if any(bound[name] is None and given[name] is not None for name in expected):
            return None
        return self.types.coerced(self.run(bound), self.result)
