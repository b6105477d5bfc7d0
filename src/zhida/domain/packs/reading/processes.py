"""process.yaml read: the review steps before the decision and the fulfilment steps after it, from the closed list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from zhida.domain.errors import InvariantBroken
from zhida.domain.packs.dictionary import Dictionary
from zhida.domain.packs.reading.rules import Citations
from zhida.domain.packs.source.fields import Fields, nearest
from zhida.domain.process import OWNER, STEP_KINDS, SYSTEM, Check, Process, Step
from zhida.domain.rules import Requirement
from zhida.domain.sentences import tell


class ProcessReader:
    """Reads the steps of one pack against its requirements and the offices of the dictionary."""

    def __init__(self, dictionary: Dictionary, requirements: Mapping[str, Requirement], citations: Citations) -> None:
        self._dictionary = dictionary
        self._requirements = requirements
        self._citations = citations
        self._own: Mapping[str, Callable[[Fields], dict[str, Any]]] = {
            "collect": lambda fields: {"evidence": self._named_requirements(fields, "evidence")},
            "review": lambda fields: {"requirements": self._named_requirements(fields, "requirements")},
            "publicise": self._notice,
            "activity": lambda fields: {"name": fields.text("name")},
            "all_of": lambda fields: {"branches": tuple(self._step(below) for below in fields.records("branches"))},
            "issue": lambda fields: {"credential": fields.text("credential")},
        }

    def process(self, top: Fields) -> Process:
        """The whole process; a step in the wrong phase or wrongly joined is a problem."""
        review = tuple(self._step(fields) for fields in top.records("review", required=False))
        fulfil = tuple(self._step(fields) for fields in top.records("fulfil", required=False))
        top.close()
        try:
            return Process(review, fulfil)
        except InvariantBroken as error:
            top.wrong(top.spot, error.code, error.words, "review steps decide, fulfilment steps issue and pay")
            return Process()

    def _step(self, entry: Fields) -> Step:
        named = list(entry.unread)
        if len(named) != 1 or named[0] not in STEP_KINDS:
            words = tell("a step is one of {kinds}", kinds=tuple(STEP_KINDS))
            entry.wrong(entry.spot, "unknown_step", words, nearest(named[0], [*STEP_KINDS]) if named else "")
            return Check()
        fields = entry.record(named[0])
        limit = fields.whole("within_working_days") if "within_working_days" in fields else None
        cites = self._citations.take(fields, required=False)
        shared: dict[str, Any] = {"by": self._doer(fields), "within_working_days": limit, "cites": cites}
        own = self._own[named[0]](fields) if named[0] in self._own else {}
        fields.close()
        try:
            return STEP_KINDS[named[0]](**shared, **own)
        except InvariantBroken as error:
            fields.wrong(fields.spot, error.code, error.words)
            return Check()

    def _doer(self, fields: Fields) -> str:
        by = fields.text("by", OWNER)
        if by not in (OWNER, SYSTEM, *self._dictionary.offices) and self._dictionary.offices:
            hint = nearest(by, [OWNER, SYSTEM, *self._dictionary.offices])
            fields.wrong(fields.spot_of("by"), "unknown_office", tell("no office {by}", by=by), hint)
        return by

    def _named_requirements(self, fields: Fields, key: str) -> tuple[str, ...]:
        found = fields.placed_texts(key, required=False)
        for node in found:
            if node.text not in self._requirements:
                hint = nearest(node.text, [*self._requirements])
                fields.wrong(node.spot, "unknown_requirement", tell("no requirement {name}", name=node.text), hint)
        return tuple(node.text for node in found)

    def _notice(self, fields: Fields) -> dict[str, Any]:
        return {
            "working_days": fields.whole("working_days") if "working_days" in fields else None,
            "days": fields.whole("days") if "days" in fields else None,
            "shows": fields.texts("shows"),
        }
