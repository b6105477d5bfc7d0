"""Words complete: every item, reason, question and paper has its words, and every blank can be filled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from zhida.domain.packs.pack import Pack
from zhida.domain.packs.phrases import BLANK, FORMATS
from zhida.domain.packs.reading.fields import nearest
from zhida.domain.packs.reading.nodes import Problems, Spot
from zhida.domain.packs.usage import usage_of
from zhida.domain.packs.wording import RequirementWords, Template, Wording
from zhida.domain.rules import Requirement


def check_wording(pack: Pack, problems: Problems) -> None:
    """Chinese must be there and complete; English, where it is there, too."""
    if "zh" not in pack.words:
        problems.add(Spot(f"{pack.id}/words/zh.yaml"), "missing_file", f"{pack.id} has no words/zh.yaml")
    for lang, wording in pack.words.items():
        _Check(pack, wording, Spot(f"{pack.id}/words/{lang}.yaml"), problems).all()


class _Check:
    def __init__(self, pack: Pack, wording: Wording, spot: Spot, problems: Problems) -> None:
        self._pack = pack
        self._wording = wording
        self._spot = spot
        self._problems = problems

    def all(self) -> None:
        """Runs every check of one language."""
        pack, wording = self._pack, self._wording
        obligations = {o.name for item in pack.items.values() for o in item.obligations}
        self._names("items", pack.items, wording.items)
        self._names("requirements", pack.requirements, wording.requirements)
        self._names("questions", pack.form.questions, wording.questions)
        self._names("papers", pack.form.papers, wording.papers)
        self._names("obligations", obligations, wording.obligations)
        for name, requirement in pack.requirements.items():
            if name in wording.requirements:
                self._requirement(requirement, wording.requirements[name])

    def _names(self, section: str, needed: Iterable[str], given: Mapping[str, object]) -> None:
        for name in needed:
            if name not in given:
                self._problems.add(self._spot, "words_missing", f"{section}: no words for {name}")
        for name in given:
            if name not in [*needed]:
                hint = nearest(name, [*needed])
                self._problems.add(self._spot, "words_for_nothing", f"{section}: there is no {name}", hint)

    def _requirement(self, requirement: Requirement, words: RequirementWords) -> None:
        named = [alternative.name for alternative in requirement.alternatives if alternative.name]
        self._names(f"{requirement.name}.any_of", named, words.alternatives)
        usage = usage_of([alternative.when for alternative in requirement.alternatives], self._pack.schema)
        known = usage.facts | {f"parameters.{name}" for name in usage.parameters}
        for relation in usage.relations:
            known |= set(self._pack.schema.relations[relation].fields)
        known |= self._record_fields(requirement)
        self._answers(requirement.name, words.answers, ["unknown"] if named else _needed(requirement), known)
        for name in named:
            self._answers(f"{requirement.name}.{name}", words.alternatives.get(name, {}), ["met", "not_met"], known)

    def _record_fields(self, requirement: Requirement) -> set[str]:
        found: set[str] = set()
        for item in self._pack.items.values():
            if item.for_each in self._pack.schema.relations and requirement.name in item.requires:
                found |= set(self._pack.schema.relations[item.for_each].fields)
        return found

    def _answers(self, name: str, given: Mapping[str, Template], needed: list[str], known: Iterable[str]) -> None:
        for answer in needed:
            if answer not in given:
                self._problems.add(self._spot, "words_missing", f"{name}: no words for {answer}")
        for template in given.values():
            self._blanks(name, template, [*known])

    def _blanks(self, name: str, template: Template, known: list[str]) -> None:
        rest = BLANK.sub("", template.text)
        if "{" in rest or "}" in rest:
            hint = "{fact}, {fact@year-1:percent} or {parameters.name:yuan}"
            self._problems.add(template.spot, "malformed_blank", f"{name}: a brace that is no blank", hint)
        for match in BLANK.finditer(template.text):
            blank, form = match.group(1), match.group(4)
            if blank not in known:
                words = f"{name}: {blank} plays no part in this requirement"
                self._problems.add(template.spot, "unknown_blank", words, nearest(blank, known))
            if form and form not in FORMATS:
                self._problems.add(template.spot, "unknown_format", f"{name}: no format {form}", ", ".join(FORMATS))


def _needed(requirement: Requirement) -> list[str]:
    return ["met"] if requirement.kind == "undertaken" else ["met", "not_met", "unknown"]
