"""What is one's own, for somebody who holds a licence: a refused case, one given back, a rating, a consent, a draft.

Run inside the installation, once it is played.
"""

from typing import Any
from urllib.parse import urlencode

from django.core.signing import Signer

from zhida.domain.process import Finding, Outcome
from zhida.domain.values import Actor, Scope, new_id
from zhida.kernel.accounts import actions as accounts
from zhida.kernel.cases import actions, queries
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.credentials import queries as credentials
from zhida.kernel.offices import actions as offices
from zhida.services.consents import consenting
from zhida.services.demonstration.cast import encoded_password
from zhida.services.demonstration.turning import Crank
from zhida.services.drafts import keeping
from zhida.services.feedback import rating
from zhida.services.vouching import clients, permitting

ALL = Scope.system("journey")
BY = Actor("journey", "operator")
DEMAND = "yunze/enterprise-demand/demand"
JOBS = "mingzhou/startup-jobs/jobs"
LICENCE = "yunze/restaurant-licence/licence"
OFFICE = "yunze-commerce"
SAID = {"demand_kind": "question", "demand_text": "门前的路什么时候修好"}


def make(crank: Crank, reviewer: str, claimant: str) -> dict[str, Any]:
    """Opens the account `holder` and gives it something of everything, and `keeper`, which keeps a passkey; the ids and
    addresses."""
    accounts.open_account(login_name="keeper", display_name="带钥匙的人", encoded=encoded_password(), as_of=crank.now)
    holder = accounts.open_account(login_name="holder", display_name="持证的人", encoded=encoded_password(),
                                   as_of=crank.now)  # fmt: skip
    licensed = queries.cases(scope=ALL, item=LICENCE, states=["closed"])[0]
    assert credentials.credentials_of(licensed.subject_id, scope=ALL)
    waiting = queries.cases(scope=ALL, item=JOBS, states=["in_review"])[-1]
    for subject in (licensed.subject_id, waiting.subject_id):
        offices.give_mandate(account_id=holder, subject_id=subject, source="journey", by=BY, as_of=crank.now)
    _refuse(waiting.id, reviewer, crank)
    _rate(waiting.id, Actor(holder, "agent", subject=waiting.subject_id), crank)
    return {
        "refused": waiting.id,
        "given_back": _give_back(licensed.subject_id, holder, reviewer, crank),
        "licensed": licensed.subject_id,
        "shared": _share(licensed.subject_id, holder, crank),
        "platform": _let_log_in(holder, licensed.subject_id, crank),
        "half": _begin(claimant, crank),
    }


def let_type(subject: str, crank: Crank) -> str:
    """Opens the account `typist`, which acts for the subject with keys alone; the subject."""
    typist = accounts.open_account(login_name="typist", display_name="只用键盘的人", encoded=encoded_password(),
                                   as_of=crank.now)  # fmt: skip
    offices.give_mandate(account_id=typist, subject_id=subject, source="journey", by=BY, as_of=crank.now)
    return subject


def _refuse(case_id: str, reviewer: str, crank: Crank) -> None:
    case, step = next(one for one in queries.worklist(office="", scope=ALL, limit=1000) if one[0].id == case_id)
    assert step is not None
    by = Actor(reviewer, "reviewer", office=step.office)
    for one in catalogue.item_of(case.revision_id, case.item).program.requires:
        if one.kind in ("evidenced", "judged") and step.may_find_on(one.name):
            actions.rule(case_id=case_id, requirement=one.name, is_met=False, reason="毕业证不是本人的", by=by,
                         as_of=crank.now)  # fmt: skip
    actions.finish_step(case_id=case_id, position=step.position, finding=Finding.FAILED, by=by, as_of=crank.now)
    by = Actor(reviewer, "reviewer", office=case.office)
    actions.decide(case_id=case_id, outcome=Outcome.REFUSED, reason="毕业证不是本人的", by=by, as_of=crank.now)


def _rate(case_id: str, by: Actor, crank: Crank) -> None:
    case = queries.case(case_id, scope=ALL)
    rated = rating.Rated(case_id, case.item, case.office, f"/my/cases/{case_id}/", "不满意。快慢。")
    rating.rate(rated=rated, grade=2, aspects=["speed"], words="等了很久", by=by, as_of=crank.now)


def _give_back(subject: str, holder: str, reviewer: str, crank: Crank) -> str:
    case_id = ask(subject, holder, crank)
    by = Actor(reviewer, "reviewer", office=queries.case(case_id, scope=ALL).office)
    actions.return_case(case_id=case_id, reason="请写明是哪条路、哪一段。", by=by, as_of=crank.now)
    return case_id


def ask(subject: str, account: str, crank: Crank) -> str:
    """A case in which a subject only asks something; it waits for an officer."""
    case_id, by = new_id("case"), Actor(account, "agent", subject=subject)
    actions.open_case(case_id=case_id, item_id=DEMAND, subject_id=subject, by=by, as_of=crank.now)
    actions.answer(case_id=case_id, answers=SAID, by=by, as_of=crank.now)
    actions.submit(case_id=case_id, undertakings=["truthful"], waives_undo=True, by=by, as_of=crank.now)
    crank.turn()
    return case_id


def _share(subject: str, holder: str, crank: Crank) -> str:
    consent_id, by = new_id("consent"), Actor(holder, "agent", subject=subject)
    asked = consenting.Asked(["operating_normally", "organisation_form"], "示范银行城东支行", "贷款", 30)
    consenting.give(consent_id=consent_id, subject_id=subject, asked=asked, by=by, as_of=crank.now)
    return f"/shared/{Signer(salt='consent').sign(consent_id).replace(':', '.')}/"


def _let_log_in(holder: str, subject: str, crank: Crank) -> list[str]:
    """Two platforms that log people in through us, one of which the holder let already; what each would ask."""
    back, scopes = "https://east.example.org/back", ["profile", "acting", "name", "citizen_number"]
    asked = {"redirect_uri": back, "response_type": "code", "code_challenge": "x" * 43, "code_challenge_method": "S256"}
    for name, zh, en in (
        ("east", "东区企业平台", "East zone platform"),
        ("west", "西区企业平台", "West zone platform"),
    ):
        new = clients.NewClient(name, (zh, en), OFFICE, [back], scopes)
        clients.add_client(new=new, by=BY, as_of=crank.now)
    permitting.permit(client_id="west", subject_id=subject, asked=scopes, let=["profile", "acting"],
                      by=Actor(holder, "agent", subject=subject), as_of=crank.now)  # fmt: skip
    wanted = ({"client_id": "east", "scope": " ".join(["openid", *scopes])},
              {"client_id": "west", "scope": "openid acting", "prompt": "consent"})  # fmt: skip
    return [urlencode(asked | one) for one in wanted]


def _begin(subject: str, crank: Crank) -> str:
    fields = {f"f.{name}": text for name, text in SAID.items()}
    keeping.keep(subject_id=subject, item_id=DEMAND, fields=fields, as_of=crank.now)
    return subject
