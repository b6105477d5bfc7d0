"""FEEL's built-in functions (DMN 1.5, clause 10.3.4) by name; each module adds its own as it is imported."""

from tests.conformance.dmn_tck.functions import clock, contexts, dates, lists, numbers, ranges, regexes, texts
from tests.conformance.dmn_tck.functions.signatures import BUILTINS, Builtin

__all__ = ["BUILTINS", "Builtin", "clock", "contexts", "dates", "lists", "numbers", "ranges", "regexes", "texts"]
