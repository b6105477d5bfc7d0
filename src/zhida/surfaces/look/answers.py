"""What a page says when the kernel refuses: an error becomes a page or a message, never a trace.

AccessError is a page that says what is missing; ConflictError on reading is "not here", on acting a message and a fresh
look; ApplicantError that no form has caught is a message too. InvariantBroken is ours and stays an error.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from zhida.domain.errors import AccessError, ApplicantError, ConflictError, ZhidaError
from zhida.surfaces.look.language import say, spoken

CONFLICTS = {
    "already_open": "这个事项已经有一件在办，请接着办那一件",
    "already_granted": "已经享受过，不重复发放",
    "not_published": "这件政策现在不在有效期内",
    "no_such_case": "没有这件办件",
    "no_such_fact": "账本里没有这个号",
    "not_sealed_yet": "还没有进入检查点，几秒后再来下载",
    "not_on_notice": "这一件不在公示期内",
    "already_resolved": "这件异议已经答复过",
    "case_changed": "这件办件刚刚有人办过，请再看一眼",
    "rules_say_otherwise": "按规则还不能同意：有条件不符合，或还缺信息",
    "nothing_against": "没有不符合的条件，不能不予同意；请先对不符合的条件作出判断",
    "amount_unknown": "还缺信息，算不出金额",
    "batch_changed": "批次和您看到的不一样了，请拆散重编",
    "signed_before": "已经有人签过",
    "signed_out_of_order": "要先复核，再放行",
    "record_gone": "数据来源里已经没有这条记录，请向提供数据的部门核实",
    "wrong_audience": "这个事项办理的对象不是您这一类",
    "no_such_record": "没有这条可以申报的记录",
    "already_disputed": "这一条已经提过，部门正在核对",
    "no_open_dispute": "这一条已经答复过",
    "no_such_known_fact": "没有掌握您的这一条情况",
    "release_exhausted": "常设授权的额度用完了",
    "already_recovered": "这一次追回已经登记过",
    "recovered_before": "这一次追回已经登记过",
    "cannot_recover": "这笔付款没有这么多可以追回",
    "recovery_ordered": "这笔付款已经有一份追回决定",
    "recall_ordered": "正在请银行退回这笔付款",
    "cannot_recall": "这笔付款没有送出过，或者已经退回、追回",
    "no_such_recall": "没有这次退回请求",
    "recall_out_of_order": "这次退回请求刚刚有人办过",
    "lifting_proposed": "已经有人提出，等第二人确认",
    "no_such_proposal": "这一项已经有人确认或撤回",
    "cannot_set_off": "这一笔现在不能这样抵扣：付款已经有人签，或欠款不够",
    "no_such_set_off": "这一次抵扣已经有人签过或撤回",
    "set_off_not_released": "抵扣的那一份还没有放行",
    "no_such_transfer": "这次划转已经有人签过或撤回",
    "malformed_transfer": "划转要有金额、理由和两条不同的预算",
    "transfer_between_years": "两条预算不是同一年度的，不能划转",
    "line_holds_too_little": "这条预算的可用不够",
    "line_frozen": "这条预算已经冻结，要先解冻",
    "line_not_so": "这条预算刚刚有人冻结或解冻过",
    "no_such_line": "没有这条预算",
    "limit_proposed": "这一项已经有人提出，等第二人确认",
    "stopped_before": "已经停下了",
    "not_stopped": "已经恢复了",
    "hold_lifted": "已经放开了",
    "empty_batch": "没有等编批的付款，可能刚刚编过一批",
    "not_for_this_batch": "有付款刚刚编进别的批次，请再看一眼",
    "batch_released": "这一批已经放行",
    "no_such_batch": "没有这一批",
    "no_such_release": "没有这份授权",
    "release_ended": "这份授权已经撤销",
    "finding_closed": "这条差异已经了结",
    "no_such_finding": "没有这条差异",
    "day_closed": "这一天已经日终，不再比对",
    "day_changed": "这一天和您看到的不一样了，请重新核对",
    "no_such_close": "这一天的日终已经有人签过",
    "not_reconciled": "这一天还没有比对",
    "nothing_to_urge": "选中的都已办完，或者今天督办过了",
    "no_open_urge": "这一条督办已经答复过",
    "nobody_left": "这个地方没有应享未享的了，或者都已在名单上",
    "call_back_past": "再联系的日子要在今天以后；已经申领、不愿意办的不再联系",
    "no_such_held_batch": "这一批已经放行或撤回",
    "batch_empty": "选中的刚刚有人办过，或不能一起办",
    "filter_malformed": "筛选要有名字，也要先选好条件",
    "too_many_filters": "筛选存得太多，请先删去一个",
    "already_rated": "这一件已经评价过",
    "feedback_given": "这一件已经提过，部门正在看",
    "feedback_flood": "这一小时收到的意见太多，请晚些再来，或打热线",
    "message_not_parked": "这一条已经重新排上",
    "no_such_consent": "没有这份授权，请对方再给一次网址",
    "draft_changed": "别人刚刚改过这份草稿，请再看一眼再改",
    "draft_closed": "这份草稿已经提出发布或发布了；要改先收回来",
    "draft_too_large": "草稿太大，请把文件拆开",
    "base_changed": "您起草以后，这件政策又发布了新版本；请在新版本上重新起草",
    "no_such_draft": "没有这份草稿，或者它是别的部门的",
    "no_such_file": "草稿里没有这个文件",
    "no_such_entry": "草稿里没有这一项，或者草稿里有不对的地方",
    "draft_not_sound": "草稿里有不对的地方，改好才能带走",
    "empty_remark": "请写上想说的",
    "rollback_waits": "这一版已经有人提出退回，等第二人确认",
    "no_such_rollback": "这次退回已经有人确认或撤回",
    "already_withdrawn": "这一版已经失效",
    "no_such_simulation": "没有这次推演，或者它是别的部门的",
    "nothing_to_simulate": "那一天还没有全体对象的数据，推演不了；请换晚一些的一天",
    "kinds_differ": "这些事项面向不同的对象，一次只能推演一类",
    "no_such_scenario": "这次推演里没有这个方案",
    "several_packs": "这个方案改了不止一件政策，不能据此起草；请推演只改一件的方案",
    "policy_moved": "推演以后这件政策又发布了新版本；请在新版本上再推演一次",
}

REFUSED = {
    "mandate_missing": "您只能查看，不能代办。请本人或法定代表人授权后再办。",
    "subject_out_of_sight": "它不在您能看到的地区或对象之内。",
    "derived_attribute": "这一项由别的数据推算，请指出那些数据哪里不对。",
    "consent_over": "这份授权已经撤回或到期，不能再看。",
    "own_interest": "这一件与您或您申报的人有关，要回避，由本部门别的人办。",
    "duty_not_held": "您在这个部门没有这项职责，请管理员任命。",
    "act_not_offered": "这一步现在不由您做，或者刚刚已经办过。请回到那一页再看一眼。",
    "wrong_duty": "这一步由另一项职责来做。",
    "same_person": "前面已经由您签过，这一步须由另一个人签。",
    "above_limit": "这一笔超过了这项职责的签字限额。请拆小，或按程序由两人提高限额。",
    "above_day_limit": "您今天签的合计会超过一天的限额。请由同事来签，或按程序由两人提高限额。",
    "line_out_of_scope": "没有这条预算，或者它属于别的部门。",
    "disbursement_out_of_scope": "没有这笔付款，或者它属于别的部门。",
    "transfer_out_of_scope": "没有这次划转，或者它属于别的部门。",
}


class ErrorPages:
    """Middleware: answers the kernel's errors in the page's language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A page for AccessError and for what is not there; a message and the page before for what cannot be done."""
        if isinstance(error, AccessError):
            words = say(REFUSED.get(error.code, "它属于别人，或者需要您没有的职责。"))
            return render(request, f"{_face(request)}/refused.html", {"words": words}, status=403)
        if not isinstance(error, ConflictError | ApplicantError):
            return None
        if request.method == "POST":
            messages.error(request, words_of(error))
            return redirect(_page_before(request))
        return render(request, f"{_face(request)}/missing.html", {"words": words_of(error)}, status=404)


def _face(request: HttpRequest) -> str:
    """Whose frame a page stands in: who works at the desk stays there."""
    return "desk" if hasattr(request, "desk_nav") else "portal"


def words_of(error: ZhidaError) -> str:
    """An error in plain words of the page's language."""
    if isinstance(error, ApplicantError):
        return error.en if spoken() == "en" else error.zh
    if error.code in CONFLICTS:
        return say(CONFLICTS[error.code])
    return say("情况已经变了，请再看一眼") + (f"（{error.words}）" if spoken() == "en" else "")


def _page_before(request: HttpRequest) -> str:
    before = request.headers.get("Referer", "")
    host = request.get_host()
    return before if url_has_allowed_host_and_scheme(before, {host}, request.is_secure()) else "/"
