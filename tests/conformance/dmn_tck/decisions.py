"""The requirement graph (DMN 1.5, clauses 6 and 10.4): each decision sees what it requires, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.conformance.dmn_tck.boxed import box_value, closure_of
from tests.conformance.dmn_tck.closures import Closure
from tests.conformance.dmn_tck.definitions import names_of, types_of
from tests.conformance.dmn_tck.evaluation import FeelEvaluation
from tests.conformance.dmn_tck.model import Decision, InputData, Knowledge, Model, Service


class Run:
    """One evaluation of a model. `given` are values by name: of inputs, and of decisions that are not to be decided."""

    def __init__(self, model: Model, given: Mapping[str, Any]) -> None:
        self.model = model
        self.given = given
        self.types = types_of(model, lambda tests, value: self.evaluation.passes(tests, value, {}))
        self.evaluation = FeelEvaluation(self.types, names_of(model))
        self.decided: dict[str, Any] = {}

    def decision(self, name: str) -> Any:
        """The value of a decision by its name, null where the model has none."""
        found = self.model.named(Decision, name)
        return self.element(found[0], self.given) if found else None

    def scope_of(self, name: str) -> dict[str, Any]:
        """What a decision sees, by name."""
        found = self.model.named(Decision, name)
        return self._scope(found[0], found[1], self.given) if found else {}

    def service(self, service_name: str, output: str) -> Any:
        """The value of one output decision of a service, whose inputs are what was given."""
        found = self.model.named(Service, service_name)
        if not found:
            return None
        closure = self._service(found[1])
        bound = {name: self.given.get(name) for name, _ in closure.parameters}
        result = self.types.coerced(closure.run(bound), closure.result)
        return result if len(found[1].outputs) == 1 or not isinstance(result, dict) else result.get(output)

    def knowledge(self, name: str) -> Any:
        """The value of a business knowledge model applied to what was given."""
        found = self.model.named(Knowledge, name)
        function = self.element(found[0], self.given) if found else None
        return function.call(list(self.given.values()), list(self.given)) if function else None

    def element(self, key: str, given: Mapping[str, Any]) -> Any:
        """The value that an element has for those that require it."""
        element = self.model.elements.get(key)
        if isinstance(element, InputData):
            return self.types.coerced(self._input(key, element, given), self.types.read(element.type_ref))
        if isinstance(element, Decision):
            return self._decided(key, element, given)
        if isinstance(element, Knowledge):
            return self._function(key, element, given)
        return self._service(element) if isinstance(element, Service) else None

    def _input(self, key: str, element: InputData, given: Mapping[str, Any]) -> Any:
        """What was given for an input, under its name or, for one of an imported model, inside the import's."""
        alias = self.model.aliases.get((self.model.namespace, namespace_of(key)), "")
        inside = given.get(alias)
        if alias and isinstance(inside, dict) and element.name in inside:
            return inside[element.name]
        return given.get(f"{alias}.{element.name}", given.get(element.name))

    def _decided(self, key: str, decision: Decision, given: Mapping[str, Any]) -> Any:
        kind = self.types.read(decision.type_ref)
        if decision.name in given:
            return self.types.coerced(given[decision.name], kind)
        decided = self.decided if given is self.given else {}
        if key not in decided:
            value = box_value(decision.logic, self.evaluation, self._scope(key, decision, given))
            decided[key] = self.types.coerced(value, kind)
        return decided[key]

    def _scope(self, key: str, element: Decision | Knowledge, given: Mapping[str, Any]) -> dict[str, Any]:
        """What an element requires by name; what stands in an imported model, in a context under the import's name."""
        scope: dict[str, Any] = {}
        for reference in element.requires:
            required = self.model.elements.get(reference)
            if required is None:
                continue
            alias = self.model.aliases.get((namespace_of(key), namespace_of(reference)), "")
            holder = scope.setdefault(alias, {}) if alias else scope
            holder[required.name] = self.element(reference, given)
        return scope

    def _function(self, key: str, knowledge: Knowledge, given: Mapping[str, Any]) -> Closure | None:
        if knowledge.logic is None:
            return None
        closure = closure_of(knowledge.logic, self.evaluation, lambda: self._scope(key, knowledge, given))
        kind = self.types.resolved(self.types.read(knowledge.type_ref))
        result = (kind.result if kind.name == "function" else None) or self.types.read("")
        if kind.name not in ("function", "Any"):
            result = kind
        return Closure(closure.parameters, result, closure.run, self.types)

    def _service(self, service: Service) -> Closure:
        keys = (*service.input_data, *service.input_decisions)
        inputs: Sequence[Any] = [self.model.elements[key] for key in keys]
        parameters = tuple((one.name, self.types.read(one.type_ref)) for one in inputs)
        kind = self.types.resolved(self.types.read(service.type_ref))
        result = kind if kind.name != "function" else kind.result or self.types.read("")
        return Closure(parameters, result, lambda bound: self._output(service, bound, service.outputs), self.types)

    def _output(self, service: Service, given: Mapping[str, Any], outputs: Sequence[str]) -> Any:
        values = {self.model.elements[key].name: self.element(key, given) for key in outputs}
        return next(iter(values.values())) if len(values) == 1 else values


def namespace_of(key: str) -> str:
    """The namespace of an element's key."""
    return key.rpartition("#")[0]
