"""Receipts: what one says to the one who holds it, and the verdict on whatever somebody brings."""

from __future__ import annotations

import json
from datetime import datetime

from django.urls import reverse

from zhida.domain.errors import ConflictError
from zhida.domain.proofs import Receipt, verify_receipt
from zhida.domain.values import CHINA, yuan
from zhida.kernel.cases import queries as cases
from zhida.kernel.cases.records import CaseRecord
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.credentials import queries as credentials
from zhida.kernel.ledger import queries as ledger
from zhida.kernel.ledger.ports import log_key
from zhida.kernel.ledger.queries import RecordedFact
from zhida.kernel.registry import queries as registry
from zhida.surfaces.look.language import say, spoken
from zhida.surfaces.look.parts import Fault, ReceiptFace
from zhida.surfaces.look.telling.cases import event_words
from zhida.surfaces.look.telling.licences import licence_rows
from zhida.surfaces.look.telling.policies import title_of
from zhida.surfaces.portal.persons import Person
from zhida.surfaces.portal.records import ReceiptPage, VerifyPage

STANDINGS = {
    "valid": "证照真实有效",
    "unchecked": "证照真实，是否吊销还没有查",
    "not_yet_valid": "证照真实，还没有到生效的日子",
    "expired": "证照真实，已经过期",
    "revoked": "证照已经吊销",
    "forged": "这不是本机关发的证照",
}
LONGEST = 1 << 20


def verify_href(entry_id: str) -> str:
    """Where anybody checks a receipt by its number."""
    return f"{reverse('portal:verify')}?code={entry_id}"


def face_of(fact: RecordedFact, case: CaseRecord, subject: str, host: str = "") -> ReceiptFace:
    """A fact of a case as a receipt that one can hold."""
    published = catalogue.pinned_item(case.revision_id, case.item)
    standing = ledger.standing()
    is_sealed = fact.position is not None and (standing.sealed_size or 0) > fact.position
    sealed_at = standing.sealed_at.astimezone(CHINA).strftime("%m-%d %H:%M") if standing.sealed_at else ""
    rows = (
        (say("回执号"), fact.id),
        (say("时间"), f"{fact.at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"),
        (say("单位或个人"), subject),
        (say("事项"), str(title_of(published.pack, published.item))),
        (say("依据"), published.pack.document.number),
    )
    return ReceiptFace(
        title=say("{event}回执", event=event_words(fact.kind)),
        code=fact.id,
        verify_url=host + verify_href(fact.id),
        rows=rows,
        amount_fen=case.amount_fen,
        position=fact.position + 1 if is_sealed and fact.position is not None else None,
        sealed_words=sealed_at,
        root=standing.root if is_sealed else "",
        download=reverse("portal:receipt_file", args=[fact.id]) if is_sealed else "",
    )


def receipt_page(entry_id: str, person: Person, host: str) -> ReceiptPage:
    """A receipt of one of the person's cases. Raises AccessError for anybody else's."""
    fact = ledger.entry(entry_id)
    case = cases.case(fact.about, scope=person.scope)
    subject = registry.subject(case.subject_id, scope=person.scope)
    face = face_of(fact, case, subject.name, host)
    event = event_words(fact.kind)
    proves = (
        say("“{event}”这件事，在上面的时间记进了账本，一个字都没有改过。", event=event),
        say("账本第 {n} 条，任何人都能核对；早一条、晚一条、少一条都会被发现。", n=face.position)
        if face.position
        else say("这一条正在进入账本，几秒后就有位置。"),
        say("账本里只有指纹，没有您的信息；您给谁看回执，谁才看得到内容。"),
    )
    back = reverse("portal:case", args=[case.id])
    return ReceiptPage(face, fact.about, say("{event}回执", event=event), proves, back)


def receipt_file(entry_id: str, person: Person) -> bytes:
    """The file that proves the fact. Raises AccessError for anybody else's, ConflictError before the next seal."""
    cases.case(ledger.entry(entry_id).about, scope=person.scope)
    return ledger.receipt(entry_id)


def verdict(pasted: str, file: bytes, as_of: datetime) -> VerifyPage:
    """What is to be said of a receipt's number, a receipt's file, or a credential, pasted or uploaded."""
    text = pasted.strip() or file.decode(errors="replace").strip()
    if not text:
        return VerifyPage(asked=True, faults=(Fault("paste", say("请贴上要核验的内容，或上传文件")),))
    if text.startswith("entry_"):
        return _by_number(text, pasted)
    if text.startswith("{"):
        return _receipt(file if not pasted.strip() else text.encode(), pasted)
    return _credential(text, pasted, as_of)


def _by_number(entry_id: str, pasted: str) -> VerifyPage:
    try:
        fact = ledger.entry(entry_id)
    except ConflictError:
        return VerifyPage(
            True,
            headline=say("账本里没有这个回执号"),
            lines=(say("请核对号码；号码里没有字母 I、L、O、U。"),),
            pasted=pasted,
        )
    is_pending = fact.position is None
    line = say("正在进入账本，几秒后再核验一次。") if is_pending else say("账本里有这一条，没有改过。")
    return VerifyPage(
        asked=True,
        is_sound=not is_pending,
        is_pending=is_pending,
        headline=say("回执还在进入账本") if is_pending else say("回执是真的"),
        lines=(line, say("只有回执号的，看不到内容；要核对内容，请对方给您下载的证明文件。")),
        rows=_rows(fact.kind, fact.at, fact.position),
        pasted=pasted,
    )


def _rows(kind: str, at: datetime, position: int | None) -> tuple[tuple[str, str], ...]:
    rows = [(say("记的是"), event_words(kind)), (say("时间"), f"{at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}")]
    if position is not None:
        rows.append((say("账本位置"), say("第 {n} 条", n=f"{position + 1:,}")))
    return tuple(rows)


def _receipt(data: bytes, pasted: str) -> VerifyPage:
    found = verify_receipt(data, trusted_keys=log_key().verifiers())
    lines = tuple(reason.en if spoken() == "en" else reason.zh for reason in found.reasons)
    if not found.ok or found.receipt is None:
        return VerifyPage(True, headline=say("这份回执不可信"), lines=lines, pasted=pasted)
    receipt: Receipt = found.receipt
    words = receipt.words["en" if spoken() == "en" else "zh"]
    shown = tuple((name, _plain(name, value)) for name, (value, _) in sorted(receipt.disclosed.items()))
    rows = (*_rows(receipt.sealed.kind, receipt.sealed.at, receipt.position), *shown)
    return VerifyPage(True, True, headline=say("回执是真的"), lines=(*lines, words), rows=rows, pasted=pasted)


def _plain(name: str, value: object) -> str:
    if name.endswith("_fen") and isinstance(value, int):
        return say("{value} 元", value=yuan(value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _credential(token: str, pasted: str, as_of: datetime) -> VerifyPage:
    found = credentials.verify(token[:LONGEST], as_of=as_of)
    standing = str(found.standing)
    headline = say(STANDINGS[standing]) if standing in STANDINGS else standing
    rows = licence_rows(found.claims, as_of)
    lines = (say("以发证机关现在的记录为准。"),)
    return VerifyPage(True, standing == "valid", headline=headline, lines=lines, rows=rows, pasted=pasted)
