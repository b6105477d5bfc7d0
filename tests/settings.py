"""The installation that tests run on: a fresh home for each run (and each parallel worker), a fast password hash."""

import os
import tempfile
from pathlib import Path

if "ZHIDA_TEST_HOME" not in os.environ:
    os.environ["ZHIDA_TEST_HOME"] = tempfile.mkdtemp(prefix="zhida-test-")
os.environ["ZHIDA_HOME"] = str(Path(os.environ["ZHIDA_TEST_HOME"], os.environ.get("PYTEST_XDIST_WORKER", "alone")))

# A browser test leaves an event loop in its thread; what comes after it in the same process is no less synchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

from zhida.config.settings import *  # noqa: F403
from zhida.config.settings import DATABASES, HOME

ZHIDA_SECOND_FACTOR = False  # tests log in by force; one of them turns it on
ZHIDA_RATES = {}  # tests ask often; one of them sets limits
ZHIDA_STEP_UP = 0  # tests log in without a password; one of them turns it on
ZHIDA_SEALING_LAG = 0  # tests let days pass without a worker that seals; one of them turns it on
ZHIDA_PAYS_ONLY_GRANTS = False  # most tests about money make up grants and accounts; those that do not turn it on
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": HOME / "test.sqlite3"}
