"""What a whole program or pack must keep: amounts in whole fen, no name inside itself, no name twice."""

from __future__ import annotations

from collections.abc import Iterator

from zhida.domain.errors import AuthorError, Problem
from zhida.domain.rules.language.builtins import BUILTINS, NAMES_FROM_DATE
from zhida.domain.rules.language.checking import NO_GUARDS, Checker
from zhida.domain.rules.language.interfaces import Scope
from zhida.domain.rules.language.types import BOOLEAN, NUMBER, Type, type_of_fact
from zhida.domain.rules.nodes import Literal, Node
from zhida.domain.rules.places import NOWHERE, START, Place
from zhida.domain.rules.program import Program
from zhida.domain.rules.schema import FactType, Schema
from zhida.domain.rules.tables import Table
from zhida.domain.sentences import tell


def check_program(program: Program) -> None:
    """Checks an item with every table and amount that it uses. Raises AuthorError with every Problem."""
    checker = Checker(program.schema, program.place, bound_names(program))
    for alternative in (alternative for requirement in program.requires for alternative in requirement.alternatives):
        checker.at(alternative.place).sure(alternative.when, checker.bound, NO_GUARDS, BOOLEAN)
    if program.amount is not None:
        _check_amount(program.amount, checker)
    checker.problems += _frame_problems(program)
    checker.close()


def bound_names(program: Program) -> Scope:
    """The record's name and type in an item with one claim per record; empty elsewhere."""
    relation = program.schema.relations.get(program.for_each)
    return {relation.singular: Type("record", relation=relation)} if relation else {}


def _check_amount(amount: Node, checker: Checker) -> None:
    found = checker.type_of(amount, checker.bound, NO_GUARDS)
    if found.kind == "any" or not checker.fits(found, NUMBER, amount):
        return
    if found.unit not in ("", "fen"):
        checker.refuse(amount, "wrong_unit", tell("an amount is in fen, found {found}", found=found.told))
    if not found.whole:
        hint = "say how it rounds: floor(…), ceiling(…) or round half up(…, 0)"
        checker.refuse(amount, "amount_not_whole", "an amount is a whole number of fen", hint)
    if isinstance(amount, Literal) and amount.value < 0:  # type: ignore[operator]
        checker.refuse(amount, "amount_negative", "an amount is not below zero")


def _frame_problems(program: Program) -> Iterator[Problem]:
    schema, place = program.schema, program.place
    within = schema.facts.get(program.within)
    if program.within and (within is None or not within.code_tree or within.period not in ("none", "interval")):
        words = tell("`{name}` is no fact that holds a code of a tree", name=program.within)
        yield place.problem(START, "within_no_code", words, "`within` names the fact that tells the subject's region")
    tree = schema.code_trees.get(within.code_tree) if within is not None else None
    if program.region and tree is not None and program.region not in tree:
        words = tell("{region} is not in the tree {tree}", region=program.region, tree=tree.name)
        yield place.problem(START, "region_unknown", words)
    if program.for_each and program.for_each not in schema.relations:
        words = tell("`{name}` is no relation of the dictionary", name=program.for_each)
        yield place.problem(START, "relation_unknown", words)
    names = [requirement.name for requirement in program.requires]
    for name in {name for name in names if names.count(name) > 1}:
        yield place.problem(START, "requirement_twice", tell("`{name}` is required twice", name=name))


def check_table(table: Table, schema: Schema) -> Type:
    """The type of a table on its own, with the records of any relation bound. Raises AuthorError with every Problem."""
    checker = Checker(schema, table.place, _all_records(schema))
    found = checker.table_type(table)
    checker.close()
    return found


def check_fact(fact: FactType, schema: Schema, place: Place = NOWHERE) -> None:
    """Checks that a derived fact's expression gives what the fact declares. Raises AuthorError with every Problem."""
    if fact.expression is None:
        return
    checker = Checker(schema, place)
    wanted = type_of_fact(fact)
    found = checker.type_of(fact.expression, {}, NO_GUARDS)
    if checker.together(wanted, found, fact.expression).gapped:
        checker.refuse(fact.expression, "may_give_none", "this table has no row for some subjects", "add a row")
    if found.kind == "number" and (found.scale is None or found.scale > fact.scale):
        words = tell("`{fact}` keeps {scale} decimals, its expression may have more", fact=fact.name, scale=fact.scale)
        hint = tell("write round half up(…, {scale})", scale=fact.scale)
        checker.refuse(fact.expression, "too_many_decimals", words, hint)
    checker.close()


def _all_records(schema: Schema) -> Scope:
    return {relation.singular: Type("record", relation=relation) for relation in schema.relations.values()}


def check_names(schema: Schema, place: Place = NOWHERE) -> None:
    """No name means two things, none is built in, and no name is found inside itself or on a chain too
    deep to follow. Raises AuthorError with every Problem."""
    names = [name for name, fact in schema.facts.items() if fact.kind != "relation"]
    names += [*schema.relations, *schema.tables, *schema.amounts]
    names += [relation.singular for relation in schema.relations.values()]
    built_in = {*BUILTINS, *NAMES_FROM_DATE, "parameters", "item"}
    problems = []
    for name in sorted({name for name in names if names.count(name) > 1 or name in built_in}):
        problems.append(
            place.problem(START, "name_taken", tell("`{name}` means two things", name=name), "choose another name")
        )
    for name in sorted(schema.tangled):
        words = tell("`{name}` is found inside itself, or stands on too long a chain of names", name=name)
        problems.append(place.problem(START, "name_in_itself", words, "a name is made of names that stand before it"))
    if problems:
        raise AuthorError(problems)
