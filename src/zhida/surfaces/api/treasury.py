"""Where treasuries and banks tell us unasked what became of payments; their signature is their only key."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.security import APIKeyHeader

from zhida.domain.values import Actor
from zhida.kernel.cases.actions import record_outcomes
from zhida.kernel.funds.ports import news
from zhida.surfaces.api.callers import now
from zhida.surfaces.api.problems import REFUSALS

router = Router(tags=["treasury"])
_SPEAKER = Actor(account="treasury", duty="system")


class SignatureHeader(APIKeyHeader):
    """Lets in whoever brings a signature; whether it holds, the raw body says."""

    param_name = "Zhida-Signature"

    def authenticate(self, request: HttpRequest, key: str | None) -> str | None:
        """The header's words; a request without them is turned away."""
        return key


class HeardOut(Schema):
    """How many payments the news was about, and how many of them it moved."""

    heard: int
    moved: int


@router.post(
    "/news",
    auth=SignatureHeader(),
    response={200: HeardOut, **REFUSALS},
    summary="News of payments, signed by a treasury",
)
def hear(request: HttpRequest) -> HeardOut:
    """Takes `{"answers": [...]}` under the header `Zhida-Signature: t=<seconds>,v1=<HMAC-SHA256 of "t." and the body>`.

    News may come twice, late and in any order: it ends the same. What is not signed so, or is older than five minutes,
    changes nothing (`forged_news`).
    """
    as_of = now()
    answers = news().news(request.body, str(request.headers["Zhida-Signature"]), as_of=as_of)
    outcomes = record_outcomes(answers=answers, by=_SPEAKER, as_of=as_of)
    return HeardOut(heard=len(outcomes), moved=sum(outcome.has_moved for outcome in outcomes))
