"""The kinds of notice and the gaps in their words, as an operator calls them."""

from __future__ import annotations

from collections.abc import Mapping

KINDS: Mapping[str, str] = {
    "newly_entitled": "可以享受了",
    "now_known": "缺的数据到了，可以享受",
    "amount_changed": "金额有变化",
    "no_longer": "不再符合",
    "case_submitted": "收到申报",
    "case_returned": "请补正",
    "case_decided": "办理结果",
    "confirm_claim": "请确认收款账户",
    "paid": "钱已拨付",
    "payment_failed": "钱没有到账",
    "account_changed": "收款账户变了",
    "fact_answered": "数据有误的答复",
    "urged": "催办",
    "escalated": "督办",
    "plain": "临时通知",
}
GAPS: Mapping[str, str] = {
    "item": "事项",
    "how_much": "标准",
    "amount": "金额",
    "amount_before": "原来的金额",
    "account": "尾号",
    "reason": "理由",
    "outcome": "结果",
    "due_on": "日期",
    "case": "办件号",
    "step": "步骤",
    "fact": "数据",
    "office": "部门",
    "answer": "答复",
    "title": "标题",
    "body": "正文",
}
