"""The words of every notice, in both languages, and how their gaps are filled.

What a pack says about itself (title, how much, reasons) comes in as a value; only the frame stands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from zhida.domain.errors import InvariantBroken
from zhida.domain.values import yuan

Values = Mapping[str, str | tuple[str, str]]
"""What fills the gaps: one text for both languages, or a pair (zh, en)."""


@dataclass(frozen=True)
class Words:
    """A notice ready to be read, in both languages."""

    title_zh: str
    title_en: str
    body_zh: str
    body_en: str

    def title(self, language: str) -> str:
        """The title in `zh` or `en`."""
        return self.title_en if language == "en" else self.title_zh

    def body(self, language: str) -> str:
        """The body in `zh` or `en`."""
        return self.body_en if language == "en" else self.body_zh


TEMPLATES: Mapping[str, Words] = {
    "newly_entitled": Words(
        "您可以享受：{item}",
        "You are entitled to: {item}",
        "根据已有数据，您符合“{item}”的条件。标准：{how_much}。请登录查看依据并办理。",
        "From the data already held you meet the conditions of “{item}”. Amount: {how_much}. "
        "Log in to see why, and to take it up.",
    ),
    "now_known": Words(
        "已确认您可以享受：{item}",
        "Now confirmed: you are entitled to {item}",
        "缺少的数据已经收到，您符合“{item}”的条件。标准：{how_much}。请登录查看依据并办理。",
        "The data that was missing has arrived: you meet the conditions of “{item}”. Amount: {how_much}. "
        "Log in to see why, and to take it up.",
    ),
    "amount_changed": Words(
        "“{item}”的金额有变化",
        "The amount of “{item}” has changed",
        "按最新数据，您的“{item}”金额现为 {amount}，此前为 {amount_before}。请登录查看原因。",
        "By the newest data your amount of “{item}” is now {amount}; before it was {amount_before}. Log in to see why.",
    ),
    "no_longer": Words(
        "您目前不再符合：{item}",
        "At present you no longer meet: {item}",
        "按最新数据，您目前不再符合“{item}”的条件。请登录查看原因；如数据有误，可提出更正。",
        "By the newest data you no longer meet the conditions of “{item}”. Log in to see why; "
        "if the data is wrong you can ask for a correction.",
    ),
    "case_submitted": Words(
        "已收到您的申报：{item}",
        "We have received your application: {item}",
        "“{item}”的申报已收到，承诺于 {due_on} 前办结。您可以随时登录查看进度。",
        "Your application for “{item}” has been received. It is promised by {due_on}. "
        "You can log in at any time to see where it stands.",
    ),
    "case_returned": Words(
        "需要您补正：{item}",
        "Please correct your application: {item}",
        "“{item}”的申报需要补正：{reason}。请于 {due_on} 前登录修改后重新提交。",
        "Your application for “{item}” needs a correction: {reason}. "
        "Please log in, change it and submit it again by {due_on}.",
    ),
    "case_decided": Words(
        "办理结果：{item}",
        "Decision: {item}",
        "“{item}”已作出决定：{outcome}。理由：{reason}。如有异议，可申请人工复核或依法申诉。",
        "A decision on “{item}” has been made: {outcome}. Reason: {reason}. "
        "If you disagree you can ask for review by a person, or appeal.",
    ),
    "confirm_claim": Words(
        "请确认收款账户：{item}",
        "Please confirm your account: {item}",
        "您符合“{item}”的条件，无需申报。请登录确认收款账户（尾号 {account}），确认后拨付 {amount}。",
        "You meet the conditions of “{item}” and need not apply. Log in to confirm the account "
        "(ending in {account}); {amount} is then paid.",
    ),
    "paid": Words(
        "资金已拨付：{item}",
        "Paid: {item}",
        "“{item}”的 {amount} 已拨付至您尾号 {account} 的账户。您可以登录下载凭证并核验。",
        "{amount} for “{item}” has been paid to your account ending in {account}. "
        "You can log in to download the receipt and verify it.",
    ),
    "payment_failed": Words(
        "资金未能到账：{item}",
        "Payment did not arrive: {item}",
        "“{item}”的 {amount} 未能到账：{reason}。请登录核对收款账户。",
        "{amount} for “{item}” could not be paid: {reason}. Please log in and check your account.",
    ),
    "account_changed": Words(
        "收款账户已变更",
        "Your payment account was changed",
        "您的收款账户已变更为尾号 {account}。如非本人操作，请立即登录撤销。",
        "Your payment account was changed to the one ending in {account}. If this was not you, log in and undo it now.",
    ),
    "urged": Words(
        "催办：{item}",
        "Reminder: {item}",
        "办件 {case} 的“{step}”应于 {due_on} 前办结，请尽快处理。",
        "Step “{step}” of case {case} is due by {due_on}. Please deal with it soon.",
    ),
    "escalated": Words(
        "督办：{item}",
        "Escalated: {item}",
        "办件 {case} 的“{step}”已超过承诺时限 {due_on}，现予督办。",
        "Step “{step}” of case {case} has passed its promised date {due_on} and is escalated to you.",
    ),
    "plain": Words("{title}", "{title}", "{body}", "{body}"),
}


def amount_words(fen: int) -> tuple[str, str]:
    """An amount of fen as a notice writes it, in both languages."""
    return f"{yuan(fen)} 元", f"CNY {yuan(fen)}"


def render(template: str, values: Values) -> Words:
    """The notice with its gaps filled. Raises InvariantBroken for an unknown template or a gap without a value."""
    frame = TEMPLATES.get(template)
    if frame is None:
        raise InvariantBroken("unknown_template", f"no notice is called {template!r}")
    sides = [{name: _side(value, index) for name, value in values.items()} for index in (0, 1)]
    try:
        return Words(
            frame.title_zh.format_map(sides[0])[:300],
            frame.title_en.format_map(sides[1])[:300],
            frame.body_zh.format_map(sides[0]),
            frame.body_en.format_map(sides[1]),
        )
    except KeyError as gap:
        raise InvariantBroken("notice_gap_empty", f"{template}: nothing fills {gap}") from gap


def _side(value: str | tuple[str, str], index: int) -> str:
    return value if isinstance(value, str) else value[index]
