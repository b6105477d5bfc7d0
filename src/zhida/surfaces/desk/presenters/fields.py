"""What the fields of facts and the things they are about are called, for those who read the ledger."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse

from zhida.surfaces.look.language import say

FIELDS: Mapping[str, str] = {
    "amount_fen": "金额，分",
    "total_fen": "合计，分",
    "cap_fen": "上限，分",
    "change_fen": "增减，分",
    "up_to_fen": "一次最多，分",
    "recovered_fen": "追回，分",
    "line": "预算",
    "reason": "理由",
    "reference": "付款号",
    "payments": "笔数",
    "digest": "内容指纹",
    "batch": "批次",
    "release": "授权",
    "grant": "待遇",
    "subject": "主体",
    "account": "账户",
    "word": "银行的话",
    "treasury_reference": "银行流水号",
    "booked_on": "入账日",
    "day": "日子",
    "office": "部门",
    "item": "事项",
    "outcome": "结果",
    "purpose": "用途",
    "note": "说明",
    "basis": "依据",
    "duty": "职责",
    "valid": "有效期",
    "channel": "通道",
    "source": "来源",
    "target": "到哪条",
    "kind": "种类",
    "payment": "付款",
    "debt": "欠款",
}
ABOUT: Mapping[str, tuple[str, str]] = {
    "case": ("办件", ""),
    "disbursement": ("付款", "desk:payment"),
    "batch": ("批次", "desk:batch"),
    "release": ("授权", "desk:release"),
    "finding": ("对账差异", "desk:finding"),
    "subject": ("主体", ""),
    "transfer": ("划转", ""),
    "setoff": ("抵扣", ""),
    "stop": ("停付", ""),
    "close": ("日终", ""),
    "account": ("账号", ""),
    "payee": ("收款账户", ""),
    "entitlement": ("待遇", ""),
    "reconcile": ("对账", ""),
}


def field_words(name: str) -> str:
    """A field by its name in words; one that has none is shown as the ledger writes it."""
    return say(FIELDS[name]) if name in FIELDS else name


def about_words(about: str) -> str:
    """What kind of thing an id names; empty where it says it itself."""
    prefix = about.partition("_")[0]
    return say(ABOUT[prefix][0]) if prefix in ABOUT else ""


def about_href(about: str) -> str:
    """The page of what an id names; empty where an auditor has none of it."""
    route = ABOUT.get(about.partition("_")[0], ("", ""))[1]
    return reverse(route, args=[about]) if route else ""
