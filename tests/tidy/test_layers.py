"""The shape of the house: import-linter's contracts, without exceptions, and foreign keys in the same order."""

from __future__ import annotations

import ast
import tomllib
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import ForeignKey
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tests.tidy.sources import HOUSE, ROOT, sources

CONTRACTS: list[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
    "contracts"
]
ROOMS = ("domain", "kernel", "services", "adapters", "surfaces", "config")


def _order() -> dict[str, int]:
    """Each kernel app's height, the lowest first, as the contract has it."""
    (layers,) = [one["layers"] for one in CONTRACTS if one.get("containers") == ["zhida.kernel"]]
    named = [[name.strip(" ()") for name in layer.split("|")] for layer in reversed(layers)]
    return {name: height for height, names in enumerate(named) for name in names}


def test_every_contract_is_kept(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    assert lint_imports(no_cache=True) == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_no_contract_has_an_exception() -> None:
    excuses = {"ignore_imports", "exhaustive_ignores", "skip_descendants", "unmatched_ignore_imports_alerting"}
    assert [contract["name"] for contract in CONTRACTS if excuses & contract.keys()] == []


def test_every_app_with_tables_keeps_them_private() -> None:
    kept = {name for one in CONTRACTS if one["type"] == "protected" for name in one["protected_modules"]}
    models = {source.module for source in sources() if source.module.endswith(".models")}
    packages = {module.rpartition(".")[0] for module in models}
    own = {f"{package}.models" for package in packages}
    assert own <= kept, f"add a contract in pyproject.toml for {sorted(own - kept)}"


def test_every_room_and_app_is_listed() -> None:
    rooms = {path.name for path in HOUSE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert rooms <= set(ROOMS)
    there = {path.parent.name for path in (HOUSE / "kernel").glob("*/apps.py")}
    assert there <= set(settings.KERNEL_APPS)
    assert [name for name in settings.KERNEL_APPS if name in there] == sorted(there, key=settings.KERNEL_APPS.index)
    heights = [_order()[name] for name in settings.KERNEL_APPS]
    assert heights == sorted(heights)


def test_foreign_keys_point_downward() -> None:
    order, upward = _order(), []
    for model in apps.get_models():
        if not model.__module__.startswith("zhida."):
            continue
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey) and field.related_model is not model:
                here, there = model._meta.app_label, field.related_model._meta.app_label
                if here != there and order.get(here, len(order)) <= order.get(there, len(order)):
                    upward.append(str(field))
    assert upward == []


def test_foreign_keys_are_written_as_strings() -> None:
    loose = [
        f"{source.path}:{node.lineno}"
        for source in sources()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"ForeignKey", "OneToOneField", "ManyToManyField"}
        and not _names_its_target(node, source.tree)
    ]
    assert loose == []


def _names_its_target(call: ast.Call, tree: ast.Module) -> bool:
    """By a string, or by a table of the very same file."""
    target = call.args[0] if call.args else next((one.value for one in call.keywords if one.arg == "to"), None)
    if isinstance(target, ast.Attribute):
        return target.attr == "AUTH_USER_MODEL"
    if isinstance(target, ast.Name):
        return target.id in {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    return isinstance(target, ast.Constant) and isinstance(target.value, str)
