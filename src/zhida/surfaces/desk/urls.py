"""The desk's addresses. Every view here names its duties; a test sees to that."""

from __future__ import annotations

from django.urls import path, register_converter

from zhida.surfaces.desk.days import Day
from zhida.surfaces.desk.views import (
    auditing,
    controlling,
    disputing,
    hearing,
    money,
    paying,
    reaching,
    reconciling,
    reviewing,
    simulating,
    stopping,
    watching,
)

app_name = "desk"
register_converter(Day, "date")

urlpatterns = [
    path("", reviewing.mine, name="mine"),
    path("cases/<slug:case_id>/", reviewing.case, name="case"),
    path("cases/<slug:case_id>/act/", reviewing.act, name="act"),
    path("cases/<slug:case_id>/rule/", reviewing.rule, name="rule"),
    path("cases/<slug:case_id>/evidence/<slug:evidence_id>/", reviewing.evidence, name="evidence"),
    path("urges/<slug:urge_id>/answer/", reviewing.answer_urge, name="answer_urge"),
    path("publicity/", reviewing.publicity, name="publicity"),
    path("objections/<slug:objection_id>/", reviewing.resolve, name="resolve"),
    path("facts/", disputing.disputes, name="disputes"),
    path("facts/<slug:dispute_id>/answer/", disputing.settle, name="settle"),
    path("feedback/", hearing.feedback, name="feedback"),
    path("feedback/<slug:feedback_id>/answer/", hearing.answer, name="answer_feedback"),
    path("funds/", money.overview, name="funds"),
    path("funds/lines/<path:line_id>/", money.budget_line, name="line"),
    path("funds/batches/", money.batches, name="batches"),
    path("funds/batches/prepare/", money.prepare, name="prepare"),
    path("funds/batches/<slug:batch_id>/", money.batch, name="batch"),
    path("funds/releases/<slug:release_id>/", money.release, name="release"),
    path("funds/limits/", controlling.limits, name="limits"),
    path("funds/transfers/", controlling.transfers, name="transfers"),
    path("funds/recoveries/", controlling.recoveries, name="recoveries"),
    path("funds/recalls/", controlling.recalls, name="recalls"),
    path("funds/obligations/", controlling.obligations, name="obligations"),
    path("funds/unknowns/", paying.unknowns, name="unknowns"),
    path("funds/returns/", paying.returns, name="returns"),
    path("funds/payments/", paying.payments_found, name="payments"),
    path("funds/payments/<slug:payment_id>/", paying.payment, name="payment"),
    path("funds/stops/", stopping.stops, name="stops"),
    path("reconciliation/", reconciling.reconciliation, name="reconciliation"),
    path("reconciliation/findings/<slug:finding_id>/", reconciling.finding, name="finding"),
    path("reconciliation/<date:on>/", reconciling.day, name="day"),
    path("supervision/", watching.supervision, name="supervision"),
    path("supervision/list/", watching.standing, name="standing"),
    path("supervision/report.pdf", watching.report, name="inspection_report"),
    path("simulations/", simulating.simulations, name="simulations"),
    path("simulations/<slug:simulation_id>/", simulating.simulation, name="simulation"),
    path("simulations/<slug:simulation_id>.xlsx", simulating.simulation_file, name="simulation_file"),
    path("simulations/<slug:simulation_id>.pdf", simulating.simulation_paper, name="simulation_paper"),
    path("outreach/", reaching.outreach, name="outreach"),
    path("visits/", reaching.visits, name="visits"),
    path("visits/<slug:round_id>/", reaching.visit, name="visit"),
    path("visits/sheet/<slug:region>/<slug:slug>/<slug:item>/", reaching.sheet, name="sheet"),
    path("ledger/", auditing.ledger, name="ledger"),
    path("ledger/facts.csv", auditing.facts, name="facts_file"),
    path("ledger/proofs/<slug:entry_id>.json", auditing.proof, name="proof"),
    path("ledger/checkpoint", auditing.checkpoint, name="checkpoint"),
    path("ledger/verify/", auditing.verify, name="verify"),
    path("ledger/sampling/", auditing.sampling, name="sampling"),
]
