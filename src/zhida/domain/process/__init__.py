"""The way of a case: its one lifecycle, the closed list of step kinds, joint review, public notice, working days."""

from zhida.domain.process.calendar import WorkCalendar
from zhida.domain.process.clock import Clock, Deadline, Pause
from zhida.domain.process.findings import Finding
from zhida.domain.process.journey import Journey, Visit
from zhida.domain.process.lifecycle import Act, Doer, Outcome, Party, State, check_act
from zhida.domain.process.projection import project
from zhida.domain.process.publicity import Publicity
from zhida.domain.process.steps import (
    OWNER,
    STEP_KINDS,
    SYSTEM,
    Activity,
    AllOf,
    Check,
    Collect,
    Issue,
    Pay,
    Phase,
    Process,
    Publicise,
    Review,
    Select,
    Step,
)

__all__ = [
    "OWNER",
    "STEP_KINDS",
    "SYSTEM",
    "Act",
    "Activity",
    "AllOf",
    "Check",
    "Clock",
    "Collect",
    "Deadline",
    "Doer",
    "Finding",
    "Issue",
    "Journey",
    "Outcome",
    "Party",
    "Pause",
    "Pay",
    "Phase",
    "Process",
    "Publicise",
    "Publicity",
    "Review",
    "Select",
    "State",
    "Step",
    "Visit",
    "WorkCalendar",
    "check_act",
    "project",
]
