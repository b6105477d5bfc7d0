"""Cases on their way: straight through, returned, joint, on public notice, refused, and every act at the wrong time."""

from datetime import date, timedelta
from itertools import product

import pytest

from zhida.domain.errors import AccessError, ConflictError, InvariantBroken
from zhida.domain.process import (
    STEP_KINDS,
    SYSTEM,
    Act,
    Activity,
    AllOf,
    Check,
    Collect,
    Deadline,
    Doer,
    Finding,
    Issue,
    Journey,
    Outcome,
    Party,
    Pause,
    Pay,
    Phase,
    Process,
    Publicise,
    Publicity,
    Review,
    Select,
    State,
    Visit,
    WorkCalendar,
    project,
)

ON = date(2026, 3, 2)
CALENDAR = WorkCalendar(years=frozenset({2026}))
APPLICANT, THE_SYSTEM = Doer(Party.APPLICANT), Doer(Party.SYSTEM)
OWNER_OFFICE = Doer(Party.OFFICE, frozenset({"bureau"}))
FIRE, LAND = Doer(Party.OFFICE, frozenset({"fire"})), Doer(Party.OFFICE, frozenset({"land"}))

LICENCE = Process(
    review=(
        Check(by=SYSTEM),
        AllOf(branches=(Review(by="fire", within_working_days=3), Review(by="land")), within_working_days=5),
        Publicise(working_days=5),
    ),
    fulfil=(Issue(credential="licence", within_working_days=1), Pay(by=SYSTEM, within_working_days=5)),
)


def begun(process: Process = LICENCE) -> Journey:
    return Journey(process, "bureau").submit(by=APPLICANT).begin(by=OWNER_OFFICE, on=ON)


def open_places(journey: Journey) -> list[tuple[int, str]]:
    return [(visit.position, visit.office) for visit in journey.open]


def jointly_reviewed(fire: Finding = Finding.PASSED, land: Finding = Finding.PASSED) -> Journey:
    journey = begun().finish(0, SYSTEM, Finding.PASSED, by=THE_SYSTEM, on=ON)
    journey = journey.finish(1, "land", land, by=LAND, on=ON)
    return journey.finish(1, "fire", fire, by=FIRE, on=ON)


def publicity(step: Publicise = LICENCE.review[2], **objections: int) -> Publicity:
    return Publicity(step, ON, CALENDAR, **objections)


LATER = ON + timedelta(days=8)


def awaiting_decision() -> Journey:
    return jointly_reviewed().end_publicity(2, "bureau", publicity(), by=OWNER_OFFICE, on=LATER)


def test_a_case_goes_all_the_way():
    journey = Journey(LICENCE, "bureau")
    assert (journey.state, journey.open, journey.outcome) == (State.DRAFT, (), None)
    assert not journey.awaits_decision
    journey = begun()
    assert (journey.state, open_places(journey)) == (State.IN_REVIEW, [(0, SYSTEM)])
    journey = journey.finish(0, SYSTEM, Finding.PASSED, by=THE_SYSTEM, on=ON)
    assert open_places(journey) == [(1, "fire"), (1, "land")]
    journey = journey.finish(1, "land", Finding.PASSED, by=LAND, on=ON)
    assert open_places(journey) == [(1, "fire")]
    journey = journey.finish(1, "fire", Finding.PASSED, by=FIRE, on=ON)
    assert open_places(journey) == [(2, "bureau")]
    assert [(visit.office, step.by) for visit, step in journey.joined] == [("fire", "fire"), ("land", "land")]
    journey = journey.end_publicity(2, "bureau", publicity(), by=OWNER_OFFICE, on=LATER)
    assert journey.awaits_decision
    journey = journey.decide(Outcome.GRANTED, by=OWNER_OFFICE, on=LATER)
    assert (journey.state, journey.outcome, open_places(journey)) == (State.DECIDED, "granted", [(3, "bureau")])
    journey = journey.finish(3, "bureau", Finding.PASSED, by=OWNER_OFFICE, on=LATER)
    assert (journey.state, open_places(journey)) == (State.DECIDED, [(4, SYSTEM)])
    journey = journey.finish(4, SYSTEM, Finding.PASSED, by=THE_SYSTEM, on=LATER)
    assert (journey.state, journey.open, journey.upcoming) == (State.FULFILLED, (), ())
    assert journey.close(by=THE_SYSTEM).state is State.CLOSED


def test_a_process_without_steps_needs_only_a_decision():
    journey = begun(Process())
    assert journey.awaits_decision
    assert journey.decide(Outcome.GRANTED, by=THE_SYSTEM, on=ON).state is State.FULFILLED


def test_a_returned_case_waits_for_the_applicant_and_goes_on_where_it_left():
    reviewed = jointly_reviewed()
    returned = reviewed.return_case(by=OWNER_OFFICE)
    assert (returned.state, returned.open) == (State.RETURNED, reviewed.open)
    assert returned.allowed(OWNER_OFFICE) == set()
    assert returned.allowed(APPLICANT) == {Act.RESUBMIT, Act.WITHDRAW}
    assert returned.resubmit(by=APPLICANT) == reviewed


def test_one_failure_in_a_joint_review_waits_for_the_others_and_then_only_a_refusal_follows():
    journey = begun().finish(0, SYSTEM, Finding.PASSED, by=THE_SYSTEM, on=ON)
    journey = journey.finish(1, "fire", Finding.FAILED, by=FIRE, on=ON)
    assert (open_places(journey), journey.awaits_decision) == ([(1, "land")], False)
    journey = journey.finish(1, "land", Finding.PASSED, by=LAND, on=ON)
    assert (journey.open, journey.awaits_decision, journey.upcoming) == ((), True, ())
    with pytest.raises(ConflictError, match="cannot_grant"):
        journey.decide(Outcome.GRANTED, by=OWNER_OFFICE, on=ON)
    refused = journey.decide(Outcome.REFUSED, by=OWNER_OFFICE, on=ON)
    assert (refused.state, refused.open) == (State.DECIDED, ())
    assert refused.close(by=OWNER_OFFICE).outcome is Outcome.REFUSED


def test_a_case_that_passed_everything_may_still_be_refused():
    refused = awaiting_decision().decide(Outcome.REFUSED, by=OWNER_OFFICE, on=LATER)
    assert (refused.outcome, refused.upcoming) == (Outcome.REFUSED, ())
    with pytest.raises(ConflictError, match="no_open_step"):
        refused.finish(3, "bureau", Finding.PASSED, by=OWNER_OFFICE, on=LATER)


def test_public_notice_is_read_not_declared():
    journey = jointly_reviewed()
    with pytest.raises(InvariantBroken, match="notice_unread"):
        journey.finish(2, "bureau", Finding.PASSED, by=OWNER_OFFICE, on=LATER)
    with pytest.raises(ConflictError, match="notice_running"):
        journey.end_publicity(2, "bureau", publicity(), by=OWNER_OFFICE, on=ON)
    with pytest.raises(ConflictError, match="objection_open"):
        journey.end_publicity(2, "bureau", publicity(open_objections=1), by=OWNER_OFFICE, on=LATER)
    with pytest.raises(InvariantBroken, match="wrong_notice"):
        journey.end_publicity(2, "bureau", publicity(Publicise(working_days=1)), by=OWNER_OFFICE, on=LATER)
    earlier = Publicity(LICENCE.review[2], ON - timedelta(days=1), CALENDAR)
    with pytest.raises(InvariantBroken, match="wrong_notice"):
        journey.end_publicity(2, "bureau", earlier, by=OWNER_OFFICE, on=LATER)
    failed = journey.end_publicity(2, "bureau", publicity(upheld_objections=1), by=OWNER_OFFICE, on=LATER)
    assert failed.has_failed


def test_only_the_office_of_a_step_does_it():
    journey = begun().finish(0, SYSTEM, Finding.PASSED, by=THE_SYSTEM, on=ON)
    for by in (OWNER_OFFICE, THE_SYSTEM, LAND, Doer(Party.SYSTEM, frozenset({"fire"}))):
        with pytest.raises(AccessError, match="not_your_office"):
            journey.finish(1, "fire", Finding.PASSED, by=by, on=ON)
    with pytest.raises(AccessError, match="not_yours_to_do"):
        journey.finish(1, "fire", Finding.PASSED, by=APPLICANT, on=ON)
    with pytest.raises(AccessError, match="not_your_office"):
        begun().finish(0, SYSTEM, Finding.PASSED, by=OWNER_OFFICE, on=ON)
    with pytest.raises(ConflictError, match="step_not_open"):
        journey.finish(0, SYSTEM, Finding.PASSED, by=FIRE, on=ON)
    with pytest.raises(ConflictError, match="step_not_open"):
        jointly_reviewed().finish(1, "fire", Finding.PASSED, by=Doer(Party.OFFICE, frozenset({"bureau"})), on=ON)


def test_only_the_owner_leads():
    submitted = Journey(LICENCE, "bureau").submit(by=APPLICANT)
    with pytest.raises(AccessError, match="not_your_office"):
        submitted.begin(by=FIRE, on=ON)
    with pytest.raises(AccessError, match="not_your_office"):
        awaiting_decision().decide(Outcome.GRANTED, by=FIRE, on=ON)
    with pytest.raises(AccessError, match="not_your_office"):
        begun().return_case(by=OWNER_OFFICE)


def test_nothing_is_decided_before_its_review_or_by_another_word():
    with pytest.raises(ConflictError, match="review_unfinished"):
        begun().decide(Outcome.GRANTED, by=OWNER_OFFICE, on=ON)
    for outcome in (Outcome.WITHDRAWN, Outcome.LAPSED):
        with pytest.raises(InvariantBroken, match="not_a_decision"):
            awaiting_decision().decide(outcome, by=OWNER_OFFICE, on=ON)


def test_fulfilment_stays_open_until_it_succeeds():
    granted = awaiting_decision().decide(Outcome.GRANTED, by=OWNER_OFFICE, on=ON)
    with pytest.raises(ConflictError, match="cannot_fail"):
        granted.finish(3, "bureau", Finding.FAILED, by=OWNER_OFFICE, on=ON)
    with pytest.raises(ConflictError, match="not_fulfilled"):
        granted.close(by=OWNER_OFFICE)


def test_withdrawal_ends_a_case_at_any_time_before_the_decision_and_never_after():
    returned = jointly_reviewed().return_case(by=OWNER_OFFICE)
    for journey in (Journey(LICENCE, "bureau"), begun(), returned, awaiting_decision()):
        withdrawn = journey.withdraw(by=APPLICANT)
        assert (withdrawn.state, withdrawn.outcome) == (State.CLOSED, Outcome.WITHDRAWN)
        assert (withdrawn.open, withdrawn.upcoming) == ((), ())
        for by in (APPLICANT, OWNER_OFFICE, THE_SYSTEM):
            assert withdrawn.allowed(by) == set()
    with pytest.raises(ConflictError, match="act_out_of_turn"):
        awaiting_decision().decide(Outcome.GRANTED, by=OWNER_OFFICE, on=ON).withdraw(by=APPLICANT)


def test_a_case_left_lying_lapses():
    assert Journey(LICENCE, "bureau").lapse(by=THE_SYSTEM).outcome is Outcome.LAPSED
    with pytest.raises(ConflictError, match="act_out_of_turn"):
        begun().lapse(by=THE_SYSTEM)


def test_acts_open_to_each_side_in_each_state():
    submitted = Journey(LICENCE, "bureau").submit(by=APPLICANT)
    granted = awaiting_decision().decide(Outcome.GRANTED, by=OWNER_OFFICE, on=ON)
    table = [
        (Journey(LICENCE, "bureau"), {Act.SUBMIT, Act.WITHDRAW}, set(), {Act.SUBMIT, Act.LAPSE}),
        (submitted, {Act.WITHDRAW}, {Act.BEGIN}, {Act.BEGIN}),
        (begun(), {Act.WITHDRAW}, set(), {Act.FINISH_STEP}),
        (jointly_reviewed(), {Act.WITHDRAW}, {Act.FINISH_STEP, Act.RETURN}, set()),
        (awaiting_decision(), {Act.WITHDRAW}, {Act.DECIDE}, {Act.DECIDE}),
        (granted, set(), {Act.FINISH_STEP}, set()),
    ]
    for journey, applicant, owner, system in table:
        found = (journey.allowed(APPLICANT), journey.allowed(OWNER_OFFICE), journey.allowed(THE_SYSTEM))
        assert found == (applicant, owner, system), journey.state


def test_no_act_slips_through_where_it_is_not_allowed():
    takes = {
        Act.SUBMIT: lambda journey, by: journey.submit(by=by),
        Act.BEGIN: lambda journey, by: journey.begin(by=by, on=ON),
        Act.RETURN: lambda journey, by: journey.return_case(by=by),
        Act.RESUBMIT: lambda journey, by: journey.resubmit(by=by),
        Act.DECIDE: lambda journey, by: journey.decide(Outcome.REFUSED, by=by, on=ON),
        Act.CLOSE: lambda journey, by: journey.close(by=by),
        Act.WITHDRAW: lambda journey, by: journey.withdraw(by=by),
        Act.LAPSE: lambda journey, by: journey.lapse(by=by),
    }
    journeys = [Journey(LICENCE, "bureau"), begun(), jointly_reviewed(), awaiting_decision()]
    journeys += [journeys[2].return_case(by=OWNER_OFFICE), journeys[3].decide(Outcome.REFUSED, by=THE_SYSTEM, on=ON)]
    refused = 0
    for journey, (act, take), by in product(journeys, takes.items(), (APPLICANT, OWNER_OFFICE, THE_SYSTEM, FIRE)):
        if act in journey.allowed(by):
            assert take(journey, by) != journey
            continue
        refused += 1
        with pytest.raises((AccessError, ConflictError)):
            take(journey, by)
    assert refused > 100


def test_positions_and_visits_that_cannot_be_are_refused():
    with pytest.raises(InvariantBroken, match="half_done_step"):
        Visit(0, "bureau", ON, Finding.PASSED)
    with pytest.raises(InvariantBroken, match="branches_meet"):
        begun(Process((AllOf(branches=(Review(), Review(by="bureau"))),)))
    with pytest.raises(InvariantBroken, match="unknown_step"):
        begun().step_of(Visit(0, "nobody", ON))


def test_steps_are_a_closed_list_and_say_what_is_wrong_with_them():
    assert list(STEP_KINDS) == [
        *("collect", "check", "review", "publicise", "select", "all_of", "activity"),
        *("issue", "pay"),
    ]
    assert {kind for kind, step in STEP_KINDS.items() if step.phase is Phase.FULFIL} == {"issue", "pay"}
    wrong = [
        (lambda: Process(review=(Pay(),)), "step_in_wrong_phase"),
        (lambda: Process(fulfil=(Check(),)), "step_in_wrong_phase"),
        (lambda: Check(by=""), "step_without_doer"),
        (lambda: Check(within_working_days=-1), "malformed_limit"),
        (lambda: AllOf(branches=(Check(),)), "malformed_joint_review"),
        (lambda: AllOf(branches=(Check(by="a"), Review(by="a"))), "malformed_joint_review"),
        (lambda: AllOf(branches=(Check(by="a"), Select(by="b"))), "malformed_joint_review"),
        (lambda: AllOf(branches=(Check(by="a"), AllOf(branches=(Check(by="c"), Check(by="d"))))), "malformed_joint"),
    ]
    for make, code in wrong:
        with pytest.raises(InvariantBroken, match=code):
            make()


def test_branches_share_the_joint_limit_unless_they_have_their_own():
    journey = begun().finish(0, SYSTEM, Finding.PASSED, by=THE_SYSTEM, on=ON)
    assert [journey.step_of(visit).within_working_days for visit in journey.open] == [3, 5]


def test_the_projected_date_adds_up_what_is_left():
    # 5 joint + 5 notice + 1 issue + 5 pay, from Monday 2 March.
    assert project(Journey(LICENCE, "bureau"), CALENDAR, as_of=ON) == Deadline(date(2026, 3, 24))
    assert project(begun(), CALENDAR, as_of=ON) == Deadline(date(2026, 3, 24))
    assert project(jointly_reviewed(), CALENDAR, as_of=ON) == Deadline(date(2026, 3, 17))
    assert project(jointly_reviewed(), CALENDAR, as_of=date(2026, 3, 20)) == Deadline(date(2026, 3, 30))
    granted = awaiting_decision().decide(Outcome.GRANTED, by=OWNER_OFFICE, on=LATER)
    assert project(granted, CALENDAR, as_of=LATER) == Deadline(date(2026, 3, 18))


def test_the_projected_date_says_what_it_does_not_know():
    december = date(2026, 12, 25)
    assert project(Journey(LICENCE, "bureau"), CALENDAR, as_of=december) == Deadline(date(2027, 1, 18), True)
    no_limit = Process((Collect(), Activity(name="visit", within_working_days=3)))
    assert project(begun(no_limit), CALENDAR, as_of=ON) is None
    joint = Process((Check(within_working_days=1), AllOf(branches=(Check(by="a"), Check(by="b")))))
    assert project(begun(joint), CALENDAR, as_of=ON) is None
    assert project(begun().withdraw(by=APPLICANT), CALENDAR, as_of=ON) is None
    assert project(jointly_reviewed(fire=Finding.FAILED), CALENDAR, as_of=ON) is None


def test_a_joint_review_takes_as_long_as_its_slowest_branch():
    branches = (Check(by="a", within_working_days=4), Check(by="b", within_working_days=3))
    joint = Process((AllOf(branches=branches),))
    assert project(Journey(joint, "bureau"), CALENDAR, as_of=ON) == Deadline(date(2026, 3, 6))


def test_the_projected_date_waits_with_the_applicant():
    simple = Process((Review(within_working_days=5),))
    returned = begun(simple).return_case(by=OWNER_OFFICE)
    pause = Pause(ON, None, "a paper is missing")
    assert project(returned, CALENDAR, as_of=date(2026, 3, 6), pauses=(pause,)) == Deadline(
        date(2026, 3, 13), is_paused=True
    )


def test_each_office_finds_on_what_its_own_step_names() -> None:
    joint = AllOf(branches=(Review(by="fire", requirements=("exits",)), Review(by="land")))
    journey = begun(Process(review=(Collect(evidence=("plan",)), joint)))
    journey.check_finding("plan", OWNER_OFFICE)
    with pytest.raises(AccessError, match="exits is not for this step"):
        journey.check_finding("exits", OWNER_OFFICE)
    journey = journey.finish(0, "bureau", Finding.PASSED, by=OWNER_OFFICE, on=ON)
    journey.check_finding("exits", FIRE)
    with pytest.raises(AccessError) as refused:
        journey.check_finding("plan", FIRE)
    assert refused.value.code == "not_your_requirement"
    journey.check_finding("plan", LAND)
    with pytest.raises(AccessError, match="for fire, land"):
        journey.check_finding("plan", OWNER_OFFICE)
