"""Write, check, test and read packs.

`publish` and `withdraw` need a database; all else needs none.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import click

from zhida.domain.packs import (
    Pack,
    Root,
    Tier,
    diff,
    nameless_values,
    new_pack,
    reading_digest,
    run_golden,
    run_mutants,
    tier_of,
)
from zhida.domain.packs.reach import reach_changes
from zhida.domain.values import SubjectKind
from zhida.surfaces.cli.folders import (
    chosen,
    json_option,
    lang_option,
    open_root,
    packs_option,
    sound_pack,
    write_files,
)
from zhida.surfaces.cli.groundwork.archiving import export_pack, import_pack
from zhida.surfaces.cli.groundwork.drafting import draft_from, settle
from zhida.surfaces.cli.groundwork.exemplifying import golden
from zhida.surfaces.cli.groundwork.generating import generate_packs
from zhida.surfaces.cli.groundwork.installation import start
from zhida.surfaces.cli.groundwork.linting import lint_packs
from zhida.surfaces.cli.groundwork.readying import readiness
from zhida.surfaces.cli.saying import both
from zhida.surfaces.look.telling.problems import as_line, as_record, told


@click.group(name="pack")
def command() -> None:
    """Write, check, test and read packs."""


command.add_command(generate_packs)
command.add_command(draft_from)
command.add_command(settle)
command.add_command(lint_packs)
command.add_command(readiness)
command.add_command(golden)
command.add_command(export_pack)
command.add_command(import_pack)


@command.command()
@click.argument("targets", nargs=-1, metavar="[ROOT | PACK]...")
@packs_option
@json_option
@lang_option
def check(targets: tuple[str, ...], folder: Path, as_json: bool, lang: str) -> None:
    """Tell every mistake at once; exit 1 where there is one. Name a pack root, packs by id or folder, or nothing.

    Listed values that have no words are told too: they stop no pack, but people read codes, and it is never gold.
    """
    folder, only = chosen(targets, folder)
    root = open_root(folder)
    problems = [problem for problem in root.problems if not only or problem.file.startswith((*only, "_"))]
    sound = [name for name in root.packs if not only or name in only]
    lacks = [line for name in sound for line in _nameless(root.packs[name], "en" if as_json else lang)]
    if as_json:
        _print({"sound": sound, "problems": [as_record(problem) for problem in problems], "lacks": lacks})
    else:
        for problem in problems:
            click.echo(as_line(problem, lang))
        for lacking in lacks:
            click.echo(f"{lacking}{NOT_GOLD[lang]}")
        click.echo(COUNTED[lang].format(sound=len(sound), problems=len(problems)))
    missing = [name for name in only if name not in sound]
    raise SystemExit(1 if problems or missing else 0)


NOT_GOLD = {"zh": "（没有就到不了金级）", "en": " (not gold without)"}
COUNTED = {"zh": "{sound} 个政策包没有问题，{problems} 处不对", "en": "{sound} sound, {problems} problem(s)"}


def _nameless(pack: Pack, lang: str) -> list[str]:
    return [
        f"{pack.id}/words/{each}.yaml: {told(words, lang)}"
        for each in pack.words
        for words in nameless_values(pack, each)
    ]


@command.command()
@click.argument("targets", nargs=-1, metavar="[ROOT | PACK]...")
@packs_option
@json_option
@lang_option
def test(targets: tuple[str, ...], folder: Path, as_json: bool, lang: str) -> None:
    """Run golden cases and rule mutants, and tell each pack's tier; exit 1 where a case fails."""
    folder, only = chosen(targets, folder)
    root = open_root(folder)
    packs = [sound_pack(root, name) for name in only or root.packs]
    reports = [_tested(root, pack) for pack in packs]
    if as_json:
        _print(reports)
    else:
        for report in reports:
            _show_report(report, lang)
    failed = any(report["failed"] for report in reports)
    raise SystemExit(1 if failed or (not only and root.problems) else 0)


def _tested(root: Root, pack: Pack) -> dict[str, Any]:
    golden, mutants, tier = run_golden(pack), run_mutants(pack), tier_of(root, pack)
    return {
        "pack": pack.id,
        "tier": str(tier.tier),
        "lacks": list(tier.lacks),
        "cases": len(golden.results),
        "failed": [
            {"case": result.case.name, "item": result.item, "differences": list(result.differences)}
            for result in golden.failed
        ],
        "mutants": {
            "killed": mutants.killed,
            "survived": [as_record(mutant.problem) for mutant in mutants.survived],
        },
    }


def _show_report(report: dict[str, Any], lang: str) -> None:
    survived = len(report["mutants"]["survived"])
    click.echo(
        f"{report['pack']}: {report['tier']}; {report['cases']} cases, {len(report['failed'])} failed; "
        f"{report['mutants']['killed']} mutants killed, {survived} survived"
    )
    for lacking in report["lacks"]:
        click.echo(f"  - {told(lacking, lang)}")


@command.command()
@click.argument("pack_id", metavar="PACK")
@packs_option
@json_option
@lang_option
def show(pack_id: str, folder: Path, as_json: bool, lang: str) -> None:
    """Tell what a pack says, its tier, and the digest that its owner signs."""
    root = open_root(folder)
    pack = sound_pack(root, pack_id)
    tier = tier_of(root, pack)
    if as_json:
        _print(_face(pack, tier, lang))
        return
    for key, value in _face(pack, tier, lang).items():
        click.echo(f"{key}: {value if not isinstance(value, list) else ''}")
        for line in value if isinstance(value, list) else []:
            click.echo(f"  - {line}")


def _face(pack: Pack, tier: Tier, lang: str) -> dict[str, Any]:
    words = pack.words.get(lang) or pack.words["zh"]
    named = {item.name: words.items[item.name] for item in pack.items.values()}
    return {
        "id": pack.id,
        "title": words.title,
        "plain": words.plain,
        "document": f"{pack.document.number} {pack.document.title}",
        "issuer": pack.issuer,
        "owner": pack.owner,
        "region": pack.region,
        "valid": str(pack.valid),
        "items": [f"{name}: {each.title} ({each.how_much})" for name, each in named.items()],
        "requirements": [f"{name} ({requirement.kind})" for name, requirement in pack.requirements.items()],
        "tier": str(tier.tier),
        "lacks": [told(one, lang) for one in tier.lacks],
        "hash": pack.hash,
        "digest_to_sign": reading_digest(pack),
    }


@command.command(name="diff")
@click.argument("pack_id", metavar="PACK")
@click.argument("against", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="OLD_ROOT")
@packs_option
@json_option
@lang_option
def show_differences(pack_id: str, against: Path, folder: Path, as_json: bool, lang: str) -> None:
    """Tell what changed in a pack since OLD_ROOT, another pack root, and whether its conditions ask less, more, the
    same or otherwise."""
    old, new = sound_pack(open_root(against), pack_id), sound_pack(open_root(folder), pack_id)
    changes = [{**vars(change), "words": dict(change.words)} for change in diff(old, new)]
    reached = [
        {"kind": "reach", "where": each.requirement or each.item, "before": "", "after": str(each.reach)}
        | {"words": dict(each.words)}
        for each in reach_changes(old, new)
    ]
    if as_json:
        _print(changes + reached)
        return
    for change in changes + reached:
        click.echo(change["words"][lang])
    click.echo(f"{len(changes)} change(s)")


@command.command()
@click.argument("pack_id", metavar="PACK")
@packs_option
@click.option("--office", required=True, help="The office that owns it, as the dictionary names it.")
@click.option("--region", required=True, help="The division code of its region.")
@click.option("--audience", type=click.Choice([*SubjectKind]), default=SubjectKind.ORGANISATION, show_default=True)
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="A day of its first year.")
def new(pack_id: str, folder: Path, office: str, region: str, audience: str, on: Any) -> None:
    """Begin a pack: small, sound, to be filled in."""
    day: date = on.date()
    root = open_root(folder)
    files = new_pack(
        pack_id, dictionary=root.dictionary, office=office, region=region, audience=SubjectKind(audience), on=day
    )
    try:
        write_files(folder, files)
    except FileExistsError as error:
        raise click.ClickException(both(f"已经有 {error.filename} 了", f"{error.filename} is there already")) from error
    for name in files:
        click.echo(str(folder / name))


@command.command()
@click.argument("only", nargs=-1, metavar="[PACK]...")
@packs_option
@json_option
def publish(only: tuple[str, ...], folder: Path, as_json: bool) -> None:
    """Publish the dictionary and packs into the installation's catalogue."""
    by, as_of = start()
    from zhida.surfaces.cli.groundwork.publishing import publish_folder

    published = []
    for record in publish_folder(folder, only, by=by, as_of=as_of):
        published.append(record)
        if not as_json:
            news = "published" if record["is_new"] else "there already"
            click.echo(f"{record['pack']}: {record['tier']}, {news} as {record['revision']}")
    if as_json:
        _print(published)


@command.command()
@click.argument("pack_id", metavar="PACK")
@click.option("--reason", required=True, help="Why, for the record.")
def withdraw(pack_id: str, reason: str) -> None:
    """Take the revision of a policy that is in force out of force; cases that pinned it go on with it.

    The revision before it, if it stands, is in force again.
    """
    by, as_of = start()
    from zhida.kernel.catalogue import actions, queries

    revision_id = queries.policy(pack_id, as_of=as_of).id
    actions.withdraw(revision_id=revision_id, reason=reason, by=by, as_of=as_of)
    click.echo(f"{revision_id} of {pack_id} is withdrawn")


def _print(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))
