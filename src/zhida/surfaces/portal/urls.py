"""The portal's addresses."""

from __future__ import annotations

from django.urls import path

from zhida.surfaces.portal.views import (
    calculating,
    claiming,
    comparing,
    dates,
    feedback,
    figures,
    knowing,
    mine,
    proving,
    publicity,
    reading,
    words,
)

app_name = "portal"
ITEM = "<slug:region>/<slug:slug>/<slug:name>/"

urlpatterns = [
    path("", reading.home, name="home"),
    path("policies/", reading.policy_list, name="policies"),
    path("policies/search/", reading.advanced, name="advanced"),
    path("policies/<slug:region>/<slug:slug>/", reading.policy, name="policy"),
    path(f"items/{ITEM}", reading.item, name="item"),
    path("compare/", comparing.compare, name="compare"),
    path("compare/<slug:measure>/", comparing.compared, name="compared"),
    path("calendar/", dates.calendar, name="calendar"),
    path("calendar.ics", dates.calendar_file, name="calendar_file"),
    path("calculator/", calculating.calculator, name="calculator"),
    path("calculator/result/", calculating.result, name="result"),
    path("my/", mine.mine, name="mine"),
    path(f"my/claim/{ITEM}", claiming.claim, name="claim"),
    path("my/cases/", mine.my_cases, name="cases"),
    path("my/cases/<slug:case_id>/", mine.case, name="case"),
    path("my/cases/<slug:case_id>/confirmed/", claiming.confirmed, name="confirmed"),
    path("my/cases/<slug:case_id>/mend/", claiming.mend, name="mend"),
    path("my/cases/<slug:case_id>/withdraw/", claiming.withdraw, name="withdraw"),
    path("my/inbox/", mine.my_inbox, name="inbox"),
    path("my/account/", mine.account, name="account"),
    path("my/facts/", knowing.known, name="known"),
    path("my/facts/wrong/", knowing.wrong, name="wrong"),
    path("my/readings/", mine.readings, name="readings"),
    path("receipts/<slug:entry_id>/", proving.receipt, name="receipt"),
    path("receipts/<slug:entry_id>.json", proving.receipt_file, name="receipt_file"),
    path("receipts/<slug:entry_id>.pdf", proving.receipt_paper, name="receipt_paper"),
    path("verify/", proving.verify, name="verify"),
    path("publicity/", publicity.publicity, name="publicity"),
    path("publicity/<slug:case_id>/", publicity.objection, name="objection"),
    path("figures/", figures.open_figures, name="figures"),
    path("figures.csv", figures.figures_file, name="figures_file"),
    path("feedback/", feedback.feedback, name="feedback"),
    path("feedback/<slug:feedback_id>/", feedback.ticket, name="ticket"),
    path("help/", words.help_page, name="help"),
    path("accessibility/", words.accessibility, name="accessibility"),
    path("privacy/", words.privacy, name="privacy"),
    path("display/", words.display, name="display"),
]
