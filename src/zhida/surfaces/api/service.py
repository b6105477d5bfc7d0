"""The API as a whole: its rooms, who may enter, how it reads and answers JSON, and what it says when it refuses."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.renderers import JSONRenderer

from zhida.surfaces.api import advising, assessing, catalogue, claiming, credentials, finding, mine, receipts, treasury
from zhida.surfaces.api.callers import session
from zhida.surfaces.api.exact import ExactParser
from zhida.surfaces.api.problems import answer_problems, as_problems

_ABOUT = """
Policies as data, assessments with their reasons, one's own cases, and proofs that anyone can check.

Amounts are whole fen (integers). Instants are UTC, dates are local (Asia/Shanghai), spans are half-open: from the first
day up to, not including, the last. A fact that is not given is unknown, never a default. Whatever is refused comes as
`application/problem+json` (RFC 9457) with a stable `code`.

Reading the catalogue, assessing facts and verifying need no account and keep nothing. One's own cases need a session,
and every change the header `X-CSRFToken` with the token that `GET /my/session` gives.
""".strip()


class _PlainJson(JSONRenderer):
    """Chinese is written as it is, not as escapes."""

    json_dumps_params: dict[str, Any] = {"ensure_ascii": False}


class _Api(NinjaAPI):
    """An API whose contract says of every refusal that it comes as a problem."""

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        return as_problems(super().get_openapi_schema(**kwargs))


api = _Api(
    title="直达 Zhida",
    version="1",
    description=_ABOUT,
    urls_namespace="api",
    auth=[session],
    parser=ExactParser(),
    renderer=_PlainJson(),
)
answer_problems(api)
for prefix, room in (
    ("", catalogue),
    ("", finding),
    ("", assessing),
    ("/my", mine),
    ("/my", advising),
    ("/cases", claiming),
    ("/receipts", receipts),
    ("/credentials", credentials),
    ("/treasury", treasury),
):
    api.add_router(prefix, room.router)
