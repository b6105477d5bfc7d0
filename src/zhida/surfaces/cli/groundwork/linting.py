"""`zhida pack lint`: what is wrong or doubtful in packs that are sound."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from zhida.domain.packs.lint import CHECKS, Finding, LintReport, Load, hint_of, lint
from zhida.domain.values import local_date
from zhida.surfaces.cli.folders import chosen, json_option, lang_option, open_root, packs_option
from zhida.surfaces.cli.saying import both
from zhida.surfaces.look.telling.problems import as_line, as_record

_JSON_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(name="lint")
@click.argument("targets", nargs=-1, metavar="[ROOT | PACK]...")
@packs_option
@json_option
@lang_option
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day for what has run out; today without it.")
@click.option("--dictionary", is_flag=True, help="Tell attributes that no pack reads, too.")
@click.option("--entitled", type=_JSON_FILE, help="JSON of those entitled, or what `zhida screen --json` printed.")
@click.option("--budget", type=_JSON_FILE, help="JSON of budget lines to fen.")
def lint_packs(
    targets: tuple[str, ...],
    folder: Path,
    as_json: bool,
    lang: str,
    on: datetime | None,
    dictionary: bool,
    entitled: Path | None,
    budget: Path | None,
) -> None:
    """Look for what is wrong or doubtful though the pack is sound; exit 1 where anything is found.

    Conditions that nobody meets, bands with holes, amounts beyond their caps, questions about what an office holds,
    dates that contradict: docs/reference/lint.md names every check. What `check` refuses is told too.
    """
    folder, only = chosen(targets, folder)
    root = open_root(folder)
    problems = [each for each in root.problems if not only or each.file.startswith((*only, "_"))]
    sound = [name for name in only or root.packs if name in root.packs]
    load = Load(_entitled(entitled) if entitled else {}, _budgets(budget) if budget else {})
    day = on.date() if on else local_date(datetime.now(UTC))
    report = lint(root, sound, on=day, load=load, dictionary=dictionary)
    if as_json:
        click.echo(json.dumps(_record(report, problems, sound), ensure_ascii=False, indent=2))
    else:
        _show(report, problems, sound, lang)
    raise SystemExit(1 if problems or report.findings or len(sound) < len(only) else 0)


def _entitled(path: Path) -> dict[str, tuple[int, int | None]]:
    """By item, how many are entitled and to how much in fen: of one object by item, or of a screening's `items`."""
    written = _object(path)
    items = written.get("items", written)
    found = {}
    for name, counted in items.items() if isinstance(items, dict) else ():
        fen = counted.get("amount_fen") if isinstance(counted, dict) else None
        if not isinstance(counted, dict) or not isinstance(counted.get("entitled"), int):
            like = '{"entitled": 1200, "amount_fen": 36000000}'
            raise click.ClickException(both(f"{path}：{name} 要写成 {like}", f"{path}: {name}: write {like}"))
        found[name] = (counted["entitled"], fen if isinstance(fen, int) else None)
    return found


def _budgets(path: Path) -> dict[str, int]:
    written = _object(path)
    if not all(isinstance(fen, int) for fen in written.values()):
        words = both(f"{path}：预算写整数，单位是分", f"{path}: a budget line holds a whole number of fen")
        raise click.ClickException(words)
    return dict(written)


def _object(path: Path) -> dict[str, Any]:
    try:
        written = json.loads(path.read_text("utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise click.ClickException(both(f"{path} 不是 JSON", f"{path} is no JSON: {error}")) from error
    if not isinstance(written, dict):
        raise click.ClickException(both(f"{path} 不是 JSON 对象", f"{path} is no JSON object"))
    return written


def _record(report: LintReport, problems: list[Any], sound: list[str]) -> dict[str, Any]:
    return {
        "packs": sound,
        "problems": [as_record(each) for each in problems],
        "findings": [_finding(each) for each in report.findings],
        "solver": report.has_solver,
        "unsure": report.unsure,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    hints = {f"hint_{lang}": hint_of(finding.code, lang) for lang in ("zh", "en")}
    return {**vars(finding), **hints, "mender": str(CHECKS[finding.code].mender)}


def _show(report: LintReport, problems: list[Any], sound: list[str], lang: str) -> None:
    for problem in problems:
        click.echo(as_line(problem, lang))
    for each in report.findings:
        click.echo(f"{each.file}:{each.line}:{each.column}: {each.code}: {each.zh if lang == 'zh' else each.en}")
        click.echo(f"    → {hint_of(each.code, lang)}")
    if not report.has_solver:
        click.echo(NO_SOLVER[lang], err=True)
    click.echo(COUNTED[lang].format(packs=len(sound), findings=len(report.findings), problems=len(problems)))


NO_SOLVER = {
    "zh": "没有装求解器（pip install zhida[lint]），要用它的检查没有做",
    "en": "the solver is not installed (pip install zhida[lint]): checks that need it were left out",
}
COUNTED = {
    "zh": "{packs} 个政策包，{findings} 处可疑，{problems} 处不对",
    "en": "{packs} pack(s), {findings} finding(s), {problems} problem(s)",
}
