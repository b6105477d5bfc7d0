"""DMN 1.3, 1.4 and 1.5 XML to a Model. Tags are matched by their local name, which the versions share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from lxml import etree

from tests.conformance.dmn_tck.model import (
    Box,
    Column,
    Conditional,
    Context,
    Decision,
    Definition,
    Element,
    Entry,
    FilterOf,
    InputData,
    Invocation,
    ItemDefinition,
    Items,
    Knowledge,
    Model,
    Relation,
    Rule,
    Service,
    Table,
    Text,
    Walk,
)

Xml = Any


def parsed(document: bytes) -> Xml:
    """The root of a document; entities, DTDs and the network stay off."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False)
    return etree.fromstring(document, parser)


def read_model(document: bytes, beside: Iterable[bytes] = ()) -> Model:
    """The model of a document, with the elements and types of the models that it imports. `beside` are the documents
    of its folder."""
    root = parsed(document)
    model = Model(root.get("namespace", ""))
    others = {other.get("namespace", ""): other for other in map(parsed, beside)}
    waiting = [(root, "")]
    while waiting:
        importing, prefix = waiting.pop(0)
        namespace = importing.get("namespace", "")
        _add(model, importing, prefix)
        for one in _children(importing, "import"):
            imported, alias = one.get("namespace", ""), one.get("name", "")
            if imported in others and (namespace, imported) not in model.aliases:
                model.aliases[namespace, imported] = alias
                waiting.append((others[imported], f"{prefix}{alias}." if alias else prefix))
    return model


def tag(xml: Xml) -> str:
    """The local name of an element."""
    return str(etree.QName(xml).localname)


def child(xml: Xml, *names: str) -> Xml | None:
    """The first child with one of these names."""
    return next(_children(xml, *names), None)


def _children(xml: Xml, *names: str) -> Iterator[Xml]:
    return (one for one in xml.iterchildren(etree.Element) if tag(one) in names)


def text_of(xml: Xml | None, name: str) -> str:
    """The text of a child, "" where there is none."""
    found = None if xml is None else child(xml, name)
    return str(found.xpath("string()")).strip() if found is not None else ""


def _add(model: Model, root: Xml, prefix: str) -> None:
    """Adds the elements of a document, and its types by their names as the first model and as their own writes them."""
    namespace = root.get("namespace", "")
    for xml in root.iterchildren(etree.Element):
        reader = _ELEMENTS.get(tag(xml))
        if reader:
            model.elements[f"{namespace}#{xml.get('id') or xml.get('name')}"] = reader(xml, namespace)
    for xml in _children(root, "itemDefinition"):
        item = _item(xml)
        model.items[f"{prefix}{item.name}"] = item
        model.items.setdefault(item.name, item)


def _item(xml: Xml) -> ItemDefinition:
    function = child(xml, "functionItem")
    signature = None
    if function is not None:
        parameters = tuple(one.get("typeRef", "") for one in _children(function, "parameters"))
        signature = (parameters, function.get("outputTypeRef", ""))
    return ItemDefinition(
        xml.get("name", ""),
        text_of(xml, "typeRef"),
        xml.get("isCollection") == "true",
        text_of(child(xml, "allowedValues"), "text"),
        tuple(_item(one) for one in _children(xml, "itemComponent")),
        signature,
        text_of(child(xml, "typeConstraint"), "text"),
    )


def _variable_type(xml: Xml) -> str:
    variable = child(xml, "variable")
    return str(variable.get("typeRef", "")) if variable is not None else ""


def _references(xml: Xml, namespace: str, *names: str) -> tuple[str, ...]:
    hrefs = (one.get("href", "") for one in xml.iter("{*}*") if tag(one) in names)
    return tuple(f"{namespace}{href}" if href.startswith("#") else href for href in hrefs)


def _input_data(xml: Xml, namespace: str) -> InputData:
    return InputData(xml.get("name", ""), _variable_type(xml))


def _decision(xml: Xml, namespace: str) -> Decision:
    requires = _references(xml, namespace, "requiredInput", "requiredDecision", "requiredKnowledge")
    return Decision(xml.get("name", ""), _variable_type(xml), requires, _first_box(xml))


def _knowledge(xml: Xml, namespace: str) -> Knowledge:
    logic = child(xml, "encapsulatedLogic")
    requires = _references(xml, namespace, "requiredKnowledge")
    return Knowledge(
        xml.get("name", ""), _variable_type(xml), requires, _definition(logic) if logic is not None else None
    )


def _service(xml: Xml, namespace: str) -> Service:
    parts = ("outputDecision", "encapsulatedDecision", "inputDecision", "inputData")
    references = [_references(xml, namespace, part) for part in parts]
    return Service(xml.get("name", ""), _variable_type(xml), *references)


_ELEMENTS: dict[str, Callable[[Xml, str], Element]] = {
    "inputData": _input_data,
    "decision": _decision,
    "businessKnowledgeModel": _knowledge,
    "decisionService": _service,
}


def _first_box(xml: Xml | None) -> Box | None:
    return next(_boxes(xml), None) if xml is not None else None


def _boxes(xml: Xml) -> Iterator[Box]:
    return (_BOXES[tag(one)](one) for one in xml.iterchildren(etree.Element) if tag(one) in _BOXES)


def _text(xml: Xml) -> Text:
    language = xml.get("expressionLanguage") or xml.getroottree().getroot().get("expressionLanguage", "")
    return Text(text_of(xml, "text"), language, type_ref=xml.get("typeRef", ""))


def _context(xml: Xml) -> Context:
    entries = []
    for one in _children(xml, "contextEntry"):
        variable = child(one, "variable")
        name, kind = (variable.get("name", ""), variable.get("typeRef", "")) if variable is not None else ("", "")
        entries.append(Entry(name, kind, _first_box(one)))
    return Context(tuple(entries), type_ref=xml.get("typeRef", ""))


def _items(xml: Xml) -> Items:
    return Items(tuple(_boxes(xml)), type_ref=xml.get("typeRef", ""))


def _relation(xml: Xml) -> Relation:
    columns = tuple(one.get("name", "") for one in _children(xml, "column"))
    rows = tuple(tuple(_boxes(row)) for row in _children(xml, "row"))
    return Relation(columns, rows, type_ref=xml.get("typeRef", ""))


def _invocation(xml: Xml) -> Invocation:
    arguments = []
    for binding in _children(xml, "binding"):
        parameter = child(binding, "parameter")
        arguments.append((parameter.get("name", "") if parameter is not None else "", _first_box(binding)))
    return Invocation(_first_box(xml), tuple(arguments), type_ref=xml.get("typeRef", ""))


def _definition(xml: Xml) -> Definition:
    parameters = tuple((one.get("name", ""), one.get("typeRef", "")) for one in _children(xml, "formalParameter"))
    return Definition(parameters, _first_box(xml), xml.get("kind", "FEEL"), type_ref=xml.get("typeRef", ""))


def _conditional(xml: Xml) -> Conditional:
    parts = [_first_box(child(xml, name)) for name in ("if", "then", "else")]
    return Conditional(*parts, type_ref=xml.get("typeRef", ""))


def _filter(xml: Xml) -> FilterOf:
    return FilterOf(_first_box(child(xml, "in")), _first_box(child(xml, "match")), type_ref=xml.get("typeRef", ""))


def _walk(xml: Xml) -> Walk:
    source, result = (_first_box(child(xml, *names)) for names in (("in",), ("return", "satisfies")))
    return Walk(tag(xml), xml.get("iteratorVariable", ""), source, result, type_ref=xml.get("typeRef", ""))


def _table(xml: Xml) -> Table:
    inputs = []
    for one in _children(xml, "input"):
        expression = child(one, "inputExpression")
        kind = expression.get("typeRef", "") if expression is not None else ""
        inputs.append(Column(text_of(expression, "text"), kind, text_of(child(one, "inputValues"), "text")))
    outputs = tuple(
        Column(
            one.get("name", ""),
            one.get("typeRef", ""),
            text_of(child(one, "outputValues"), "text"),
            text_of(child(one, "defaultOutputEntry"), "text"),
        )
        for one in _children(xml, "output")
    )
    rules = tuple(
        Rule(
            tuple(text_of(entry, "text") for entry in _children(rule, "inputEntry")),
            tuple(text_of(entry, "text") for entry in _children(rule, "outputEntry")),
        )
        for rule in _children(xml, "rule")
    )
    policy = xml.get("hitPolicy", "UNIQUE")
    return Table(policy, xml.get("aggregation", ""), tuple(inputs), outputs, rules, type_ref=xml.get("typeRef", ""))


_BOXES: dict[str, Callable[[Xml], Box]] = {
    "literalExpression": _text,
    "context": _context,
    "list": _items,
    "relation": _relation,
    "invocation": _invocation,
    "functionDefinition": _definition,
    "conditional": _conditional,
    "filter": _filter,
    "for": _walk,
    "some": _walk,
    "every": _walk,
    "decisionTable": _table,
}
