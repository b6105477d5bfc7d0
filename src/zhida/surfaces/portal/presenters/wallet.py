"""What a subject holds already and can use again: licences issued here, and papers that were handed in before."""

from __future__ import annotations

from datetime import datetime

from zhida.domain.errors import AccessError
from zhida.domain.packs.forms import Paper
from zhida.domain.values import Scope, local_date
from zhida.kernel.cases import queries as cases
from zhida.kernel.credentials import queries as credentials
from zhida.kernel.credentials.queries import HeldCredential
from zhida.services.drafts.keeping import KeptPaper
from zhida.services.papers.card import card_pdf
from zhida.surfaces.look.asking import NotTaken
from zhida.surfaces.look.codes import verify_address
from zhida.surfaces.look.language import Text, say
from zhida.surfaces.look.telling.licences import part_rows
from zhida.surfaces.look.telling.offices import office_name
from zhida.surfaces.look.telling.policies import in_words
from zhida.surfaces.portal.papers import MEGABYTE
from zhida.surfaces.portal.persons import Person
from zhida.surfaces.portal.records.applying import Reusable
from zhida.surfaces.portal.records.claims import CredentialFace

AT_MOST = 6
CASES = 8
"""How many of the latest cases are looked through for papers."""


def is_valid(held: HeldCredential, as_of: datetime) -> bool:
    """Whether a licence holds on the day."""
    return held.revoked_at is None and (held.valid_to is None or local_date(as_of) < held.valid_to)


def face_of(held: HeldCredential, verify_page: str, as_of: datetime) -> CredentialFace:
    """A licence as its holder shows it; `verify_page` is the address that its code leads to."""
    last = held.valid_to.isoformat() if held.valid_to else say("长期")
    rows = (
        (say("持有人"), str(held.claims.get("holder", ""))),
        (say("发证部门"), office_name(held.office)),
        (say("有效期"), say("{start} 至 {end}", start=held.valid_from.isoformat(), end=last)),
        *part_rows(held.claims, as_of),
    )
    return CredentialFace(title_of(held), rows, verify_address(held.token, verify_page), is_valid(held, as_of))


def title_of(held: HeldCredential) -> Text:
    """What a licence is called."""
    return in_words(str(held.claims.get("title_zh", held.kind)), str(held.claims.get("title_en", "")))


def reusable(paper: Paper, subject_id: str, person: Person) -> tuple[Reusable, ...]:
    """What can stand for a paper: licences first, then what was handed in before, the newest first, each once."""
    scope, as_of = Scope.own(frozenset({subject_id}), "own"), person.as_of
    cards = [
        Reusable(held.id, title_of(held), say("卡包里的证照，{office}发", office=office_name(held.office)))
        for held in credentials.credentials_of(subject_id, scope=scope)
        if "pdf" in paper.formats and is_valid(held, as_of)
    ]
    found: dict[str, Reusable] = {}
    for record in cases.cases(scope=scope, subject_id=subject_id, limit=CASES):
        view = cases.view(record.id, scope=scope, by=person.acting_for(subject_id), as_of=as_of)
        for one in view.evidence:
            if one.name.rpartition(".")[2].lower() in paper.formats:
                words = say("{date} 交过的材料", date=local_date(one.attached_at).isoformat())
                found.setdefault(one.sha256, Reusable(one.id, Text(one.name), words))
    return (*cards, *found.values())[:AT_MOST]


def taken_again(origin: str, requirement: str, paper: Paper, person: Person, verify_page: str) -> KeptPaper:
    """What is held, as a paper of a draft. Raises NotTaken where it is none of the person's, or not what is asked."""
    if origin.startswith("credential_"):
        held = next((one for subject in person.subjects for one in _cards(subject.id) if one.id == origin), None)
        if held is None or not is_valid(held, person.as_of) or "pdf" not in paper.formats:
            raise NotTaken(say("卡包里没有这张有效的证照，请换一个"))
        face = face_of(held, verify_page, person.as_of)
        body = card_pdf(str(face.title), face.rows, face.verify_url, held.token)
        return KeptPaper(requirement, f"{face.title}.pdf", "application/pdf", origin, body)
    try:
        record, body = cases.evidence_body(origin, scope=person.scope)
    except AccessError as error:
        raise NotTaken(say("找不到这份交过的材料，请换一个")) from error
    if record.name.rpartition(".")[2].lower() not in paper.formats or len(body) > paper.max_mb * MEGABYTE:
        raise NotTaken(say("这份材料的格式或大小不合要求，请换一个"))
    return KeptPaper(requirement, record.name, record.media_type, origin, body)


def _cards(subject_id: str) -> tuple[HeldCredential, ...]:
    return credentials.credentials_of(subject_id, scope=Scope.own(frozenset({subject_id}), "own"))
