"""What schemathesis cannot be told in its configuration: the cookie that goes with the token of a form."""

import os
from typing import Any

import schemathesis


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """Adds the cookie, and nothing that says who asks: a session that a check leaves out stays out."""
    if token := os.environ.get("ZHIDA_FUZZ_TOKEN"):
        case.cookies = {**(case.cookies or {}), "csrftoken": token}
