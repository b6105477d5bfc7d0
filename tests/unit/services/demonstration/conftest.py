"""The registry's small dictionary, for drawing what no portrait mentions."""

from tests.unit.kernel.registry.conftest import dictionary

__all__ = ["dictionary"]
