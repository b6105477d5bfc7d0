"""Words complete: every item, reason, question, paper and listed value has its words, and every blank can be filled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from zhida.domain.packs.pack import Pack
from zhida.domain.packs.phrases import BLANK, FORMATS
from zhida.domain.packs.source.fields import nearest
from zhida.domain.packs.source.nodes import Problems, Spot
from zhida.domain.packs.usage import usage_of
from zhida.domain.packs.wording import RequirementWords, Template, Wording
from zhida.domain.rules import Requirement
from zhida.domain.sentences import tell


def check_wording(pack: Pack, problems: Problems) -> None:
    """Chinese must be there and complete. English may lack words (never gold then), but not hold wrong ones.

    Values that the dictionary lists without words keep a pack from gold too, but are no mistake of its author.
    """
    lent = nameless_values(pack, "zh")
    for words in (words for words in missing_words(pack, "zh") if words not in lent):
        problems.add(Spot(f"{pack.id}/words/zh.yaml"), "words_missing", words)
    for lang, wording in pack.words.items():
        _Check(pack, wording, Spot(f"{pack.id}/words/{lang}.yaml"), problems).all()


def missing_words(pack: Pack, lang: str) -> tuple[str, ...]:
    """What a language lacks, one line each. An obligation without words is told by the clause that it cites."""
    if lang not in pack.words:
        return (tell("there is no words/{lang}.yaml", lang=lang),)
    wording = pack.words[lang]
    sections: tuple[tuple[str, Iterable[str], Mapping[str, object]], ...] = (
        ("items", pack.items, wording.items),
        ("requirements", pack.requirements, wording.requirements),
        ("questions", pack.form.questions, wording.questions),
        ("papers", pack.form.papers, wording.papers),
    )
    lacking: list[str] = [
        tell("{section}: no words for {name}", section=section, name=n)
        for section, needed, given in sections
        for n in needed
        if n not in given
    ]
    for name, requirement in pack.requirements.items():
        if name in wording.requirements:
            lacking.extend(_missing_answers(requirement, wording.requirements[name]))
    own = [(name, value) for name, fact in pack.form.facts.items() for value in fact.values]
    lacking.extend(_nameless(name, value) for name, value in own if value not in wording.choices)
    return (*lacking, *nameless_values(pack, lang))


def nameless_values(pack: Pack, lang: str) -> tuple[str, ...]:
    """The values of the dictionary's closed lists that people meet and that neither it nor the pack has words for."""
    choices = pack.words[lang].choices if lang in pack.words else {}
    found: list[str] = []
    for fact, values in listed_values(pack).items():
        known = {value for value, words in pack.value_words.get(fact, {}).items() if lang in words} | {*choices}
        if fact not in pack.form.facts:
            found.extend(_nameless(fact, value) for value in values if value not in known)
    return tuple(found)


def _nameless(fact: str, value: str) -> str:
    return tell("choices: no words for {value}, a value of {fact}", value=value, fact=fact)


def listed_values(pack: Pack) -> dict[str, tuple[str, ...]]:
    """The closed lists that people meet: those of the form, of facts that items read, of records that they speak of."""
    read = {name for item in pack.items.values() for name in item.reads} | {*pack.form.facts}
    found = {name: pack.schema.facts[name].values for name in sorted(read) if name in pack.schema.facts}
    for name in sorted(read):
        if relation := pack.schema.relations.get(name):
            found |= {f"{relation.singular}.{field.name}": field.values for field in relation.fields.values()}
    return {name: values for name, values in found.items() if values}


def _missing_answers(requirement: Requirement, words: RequirementWords) -> Iterator[str]:
    named = [alternative.name for alternative in requirement.alternatives if alternative.name]
    for answer in ["unknown"] if named else _needed(requirement):
        if answer not in words.answers:
            yield tell("{requirement}: no words for {answer}", requirement=requirement.name, answer=answer)
    for name in named:
        for answer in ("met", "not_met"):
            if answer not in words.alternatives.get(name, {}):
                yield tell(
                    "{requirement}: no words for {answer}", requirement=f"{requirement.name}.{name}", answer=answer
                )


def _needed(requirement: Requirement) -> list[str]:
    return ["met"] if requirement.kind == "undertaken" else ["met", "not_met", "unknown"]


class _Check:
    def __init__(self, pack: Pack, wording: Wording, spot: Spot, problems: Problems) -> None:
        self._pack = pack
        self._wording = wording
        self._spot = spot
        self._problems = problems

    def all(self) -> None:
        """Notes words for what is not there, and blanks that cannot be filled."""
        pack, wording = self._pack, self._wording
        obligations = {o.name for item in pack.items.values() for o in item.obligations}
        self._names("items", pack.items, wording.items)
        self._names("requirements", pack.requirements, wording.requirements)
        self._names("questions", pack.form.questions, wording.questions)
        self._names("papers", pack.form.papers, wording.papers)
        self._names("obligations", obligations, wording.obligations)
        listed = [value for values in listed_values(pack).values() for value in values]
        self._names("choices", listed, wording.choices)
        for name, requirement in pack.requirements.items():
            if name in wording.requirements:
                self._requirement(requirement, wording.requirements[name])

    def _names(self, section: str, needed: Iterable[str], given: Mapping[str, object]) -> None:
        known = [*needed]
        for name in given:
            if name not in known:
                words = tell("{section}: there is no {name}", section=section, name=name)
                self._problems.add(self._spot, "words_for_nothing", words, nearest(name, known))

    def _requirement(self, requirement: Requirement, words: RequirementWords) -> None:
        named = [alternative.name for alternative in requirement.alternatives if alternative.name]
        self._names(f"{requirement.name}.any_of", named, words.alternatives)
        known = self._blanks_known(requirement)
        for name, answers in (("", words.answers), *words.alternatives.items()):
            for template in answers.values():
                self._blanks(f"{requirement.name}.{name}".rstrip("."), template, known)

    def _blanks_known(self, requirement: Requirement) -> list[str]:
        schema = self._pack.schema
        usage = usage_of([alternative.when for alternative in requirement.alternatives], schema)
        relations = set(usage.relations)
        for item in self._pack.items.values():
            if item.for_each in schema.relations and requirement.name in item.requires:
                relations.add(item.for_each)
        fields = {name for relation in relations for name in schema.relations[relation].fields}
        return sorted(usage.facts | fields | {f"parameters.{name}" for name in usage.parameters})

    def _blanks(self, name: str, template: Template, known: list[str]) -> None:
        rest = BLANK.sub("", template.text)
        if "{" in rest or "}" in rest:
            hint = "{fact}, {fact@year-1:percent} or {parameters.name:yuan}"
            words = tell("{name}: a brace that is no blank", name=name)
            self._problems.add(template.spot, "malformed_blank", words, hint)
        for match in BLANK.finditer(template.text):
            blank, form = match.group(1), match.group(4)
            if blank not in known:
                words = tell("{name}: {blank} plays no part in this requirement", name=name, blank=blank)
                self._problems.add(template.spot, "unknown_blank", words, nearest(blank, known))
            if form and form not in FORMATS:
                words = tell("{name}: no format {form}", name=name, form=form)
                self._problems.add(template.spot, "unknown_format", words, ", ".join(FORMATS))
