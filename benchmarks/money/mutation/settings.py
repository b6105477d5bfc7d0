"""The tests' installation with its database in memory, so that a forked process starts from a copy of its own."""

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES

DATABASES["default"]["TEST"] = {}
