"""Habits that a linter does not know: no clock below the surfaces, no signals, no floats for money, no loose ends."""

from __future__ import annotations

import ast
import re

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import FloatField

from tests.tidy.sources import Source, sources

CLOCK = {"now", "today", "utcnow", "localtime", "localdate", "fromtimestamp"}


def _calls(source: Source) -> list[tuple[int, str]]:
    names = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            names.append((node.lineno, name))
    return names


@pytest.mark.parametrize("room", ["domain", "kernel", "services"])
def test_no_clock_is_read_below_the_surfaces(room: str) -> None:
    found = [
        f"{source.path}:{line} {name}" for source in sources(room) for line, name in _calls(source) if name in CLOCK
    ]
    assert found == []


def test_the_domain_opens_no_file() -> None:
    opens = {"open", "read_text", "read_bytes", "write_text", "write_bytes"}
    found = [f"{source.path}:{line}" for source in sources("domain") for line, name in _calls(source) if name in opens]
    assert found == []


def test_no_django_signals() -> None:
    pattern = re.compile(r"django\.dispatch|django\.db\.models\.signals|django\.core\.signals|@receiver\b")
    assert [source.path for source in sources() if pattern.search(source.text)] == []


def test_no_assert_stands_for_an_invariant() -> None:
    found = [
        f"{source.path}:{node.lineno}"
        for source in sources()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Assert)
    ]
    assert found == []


def test_nothing_is_left_for_later() -> None:
    pattern = re.compile(r"\b(TODO|FIXME|XXX|HACK|raise NotImplementedError)\b")
    assert [source.path for source in sources() if pattern.search(source.text)] == []


def test_no_table_holds_a_float() -> None:
    models = [model for model in apps.get_models() if model.__module__.startswith("zhida.")]
    assert [str(field) for model in models for field in model._meta.fields if isinstance(field, FloatField)] == []


def test_instants_and_dates_are_named_for_what_they_are() -> None:
    """An instant is `…_at` (or the bound `…_until`, or `as_of`), a local date `…_on`; dates bound a span."""
    wrong = []
    for model in apps.get_models():
        for field in model._meta.fields if model.__module__.startswith("zhida.") else ():
            is_instant = field.get_internal_type() == "DateTimeField"
            is_named_so = field.name in INSTANTS or field.name.endswith(("_at", "_until"))
            if is_instant != is_named_so or (field.name.endswith("_on") and field.get_internal_type() != "DateField"):
                wrong.append(str(field))
    assert wrong == []


INSTANTS = {"at", "as_of", "last_login", "not_before"}
"""Instants by other names: a fact's own, the one said by an action, Django's, and the outbox's bound."""


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
