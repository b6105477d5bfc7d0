"""`zhida pack draft`: a document to a draft pack, all of it proposals; `zhida pack settle`: a person's word on each."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import click

from zhida.domain.errors import AuthorError, FinalOutside
from zhida.domain.packs import read_root
from zhida.domain.packs.proposals import PROPOSALS, Proposal, State, open_proposals, read_proposals, write_proposals
from zhida.domain.packs.source.nodes import Problems
from zhida.surfaces.cli.folders import json_option, lang_option, packs_option, read_files, write_files
from zhida.surfaces.look.telling.problems import as_line, told

_ID = re.compile(r"^[a-z][a-z0-9-]{1,40}/[a-z][a-z0-9-]{1,60}$")
_SHARED = ("_attributes/", "_groups/")
_NO_PLACE = {
    "zh": "{pack} 不能放政策包：要写成 政策包根目录/地区/名称，只用小写字母、数字和短横",
    "en": "{pack} is no place for a pack: ROOT/REGION/SLUG, lower-case letters, digits, -",
}
_THERE = {"zh": "{file} 已经有了：请换一个新的文件夹", "en": "{file} is there already: name a new folder"}
_BEGUN = {"zh": "{path}：读出 {n} 处，还没有一处有人核对", "en": "{path}: {n} proposals, none accepted yet"}
_ENDPOINT = {
    "zh": "接入的模型没有答复，草稿没有写：{words}。请管理员看地址、证书和密钥，或去掉 --ask",
    "en": "nothing was drafted: {words}. Look at address, certificate and key, or leave --ask out",
}
_NO_DRAFT = {"zh": "{pack} 里没有 {file}：不是草稿", "en": "{pack} has no {file}: it is no draft"}
_NAME_THEM = {"zh": "请写上要定哪几处，例如 p7", "en": "name the proposals to settle"}
_UNKNOWN = {"zh": "没有这一处：{names}", "en": "no proposal {names}"}
_LEFT = {"zh": "还有 {n} 处没定", "en": "{n} open"}
_ONE_FACT = {"zh": "--as 一次只定一处新的数据", "en": "--as settles one new fact at a time"}


@click.command(name="draft")
@click.argument("document", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, metavar="DIR", help="Where to.")
@packs_option
@click.option("--office", default="", help="The issuing office, as the dictionary names it, where you know it.")
@click.option("--region", default="", help="The division code of its region, where you know it.")
@click.option(
    "--ask", "address", default="", help="An OpenAI-compatible API to propose more: https, or on this machine."
)
@click.option("--model", default="", help="The model to ask for there; its key is read from ZHIDA_DRAFT_KEY.")
@json_option
@lang_option
def draft_from(
    document: Path,
    out: Path,
    folder: Path,
    office: str,
    region: str,
    address: str,
    model: str,
    as_json: bool,
    lang: str,
) -> None:
    """Read a policy (DOCX, PDF, HTML, text) into a draft pack; a person settles every proposal before it is published.

    DIR is ROOT/REGION/SLUG in a pack root; any other new folder becomes a small root of its own, with the dictionary of
    --packs beside the draft.
    """
    from zhida.services.structuring import ask_endpoint, draft_pack, read_document, refuse_no_policy, with_more

    with _told(lang):
        read = read_document(document.name, document.read_bytes())
        refuse_no_policy(document.name, read)
    root, pack_id, shared = _placed(out, folder, read.sha256, lang)
    dictionary = read_root(shared).dictionary
    draft = draft_pack(read, dictionary, pack_id, office=office, region=region)
    if address:
        key = os.environ.get("ZHIDA_DRAFT_KEY", "")
        with _told(lang):
            draft = with_more(draft, ask_endpoint(draft.structure, dictionary, address, model=model, key=key))
    files = {f"{pack_id}/{name}": data for name, data in draft.files.items()}
    found = [each for each in read_root({**shared, **files}).problems if each.file.startswith(pack_id)]
    try:
        write_files(root, files if (root / "_attributes").is_dir() else {**shared, **files})
    except FileExistsError as error:
        _stop(_THERE[lang].format(file=error.filename))
    notes = [dict(vars(note)) for note in draft.notes]
    if as_json:
        rows = json.loads(draft.files[PROPOSALS])
        _print(
            {"pack": pack_id, "root": str(root), "proposals": rows, "not_read": notes, "problems": [*map(str, found)]}
        )
        return
    counts: dict[str, int] = {}
    for each in draft.proposals:
        counts[each.kind] = counts.get(each.kind, 0) + 1
    click.echo(_BEGUN[lang].format(path=root / pack_id, n=len(draft.proposals)))
    click.echo("  " + ", ".join(f"{kind} {count}" for kind, count in sorted(counts.items())))
    for note in draft.notes:
        click.echo(f"  ! {note.zh if lang == 'zh' else note.en}")
    for problem in found:
        click.echo(as_line(problem, lang))


@contextmanager
def _told(lang: str) -> Iterator[None]:
    """What cannot be read is told line by line, with its place and who mends it."""
    try:
        yield
    except AuthorError as error:
        _stop("\n".join(as_line(each, lang) for each in error.problems))
    except FinalOutside as error:
        _stop(_ENDPOINT[lang].format(words=told(error.words, lang)))


def _stop(words: str) -> NoReturn:
    click.echo(words, err=True)
    raise SystemExit(1)


def _placed(out: Path, folder: Path, digest: str, lang: str) -> tuple[Path, str, dict[str, bytes]]:
    """The root that DIR lies in (or becomes), the pack's id, and the files that packs share."""
    path = out.resolve()
    root = next((each for each in path.parents if (each / "_attributes").is_dir()), None)
    shared_from = root or folder
    shared = {name: data for name, data in read_files(shared_from).items() if name.startswith(_SHARED)}
    if root is None:
        return path, f"drafts/d-{digest[:12]}", shared
    pack_id = path.relative_to(root).as_posix()
    if not _ID.match(pack_id):
        _stop(_NO_PLACE[lang].format(pack=pack_id))
    return root, pack_id, shared


@click.command(name="settle")
@click.argument("pack", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR")
@click.argument("names", nargs=-1, metavar="[PROPOSAL]...")
@click.option("--accept", "state", flag_value="accepted", help="The draft says what the document says.")
@click.option("--refuse", "state", flag_value="refused", help="It does not: what it wrote is taken out again.")
@click.option("--as", "known", default="", metavar="FACT", help="The fact of the dictionary that a new one is.")
@json_option
@lang_option
def settle(pack: Path, names: tuple[str, ...], state: str | None, known: str, as_json: bool, lang: str) -> None:
    """List the open proposals of a draft pack's folder, or accept or refuse those named, one by one.

    Accepting a new fact writes it into the root's dictionary (_attributes/drafted.yaml), accepting a condition over
    accepted facts makes it computed; everything else only changes its mark. --as takes a fact that the dictionary has
    in place of a new one that means the same. What a refused proposal wrote into the pack's files is taken out: an item
    with all that only it used, a paper, a sum, a condition. With the last one settled the draft can be published like
    any pack.
    """
    path = pack / PROPOSALS
    if not path.is_file():
        _stop(_NO_DRAFT[lang].format(pack=pack, file=PROPOSALS))
    found = Problems()
    proposals = read_proposals(PROPOSALS, path.read_bytes(), found)
    if found:
        _stop("\n".join(as_line(each, lang) for each in found.all()))
    if state or known:
        unknown = sorted(set(names) - {each.id for each in proposals})
        if unknown or not names:
            _stop(_UNKNOWN[lang].format(names=", ".join(unknown)) if unknown else _NAME_THEM[lang])
        if known and len(names) > 1:
            _stop(_ONE_FACT[lang])
        with _told(lang):
            _settle(pack, proposals, names, State(state or State.ACCEPTED), known)
    _tell_open(open_proposals({PROPOSALS: path.read_bytes()}), as_json, lang)


def _settle(pack: Path, proposals: tuple[Proposal, ...], names: tuple[str, ...], state: State, known: str) -> None:
    from zhida.services.structuring import DRAFTED, accept, instead

    folder = pack.resolve()
    root = next((each for each in folder.parents if (each / "_attributes").is_dir()), folder.parent.parent)
    if known:
        dictionary = read_root(
            {name: data for name, data in read_files(root).items() if name.startswith(_SHARED)}
        ).dictionary
        taken = instead(proposals, {names[0]: known}, dictionary)
        settled = [replace(each, state=State.ACCEPTED) if each.id in names else each for each in taken]
        changed: Mapping[str, bytes | None] = {}
    elif state is State.ACCEPTED:
        pack_id = folder.relative_to(root).as_posix()
        there = [DRAFTED, *(f"{pack_id}/{name}" for name in ("rules.yaml", "items.yaml", "words/zh.yaml"))]
        files = {name: (root / name).read_bytes() for name in there if (root / name).is_file()}
        settled, changed = accept(proposals, names, files, pack_id)
    else:
        settled, changed = _refused(folder, folder.relative_to(root).as_posix(), proposals, names)
    for name, data in changed.items():
        if data is None:
            (root / name).unlink()
        else:
            (root / name).write_bytes(data)
    (folder / PROPOSALS).write_bytes(write_proposals(settled))


def _refused(
    folder: Path, pack_id: str, proposals: tuple[Proposal, ...], names: tuple[str, ...]
) -> tuple[list[Proposal], dict[str, bytes | None]]:
    """The proposals with those named refused, and whatever says only more of a refused item; and the files that change,
    None for one that goes, by their path from the root."""
    from zhida.services.authoring.refusing import goes_with, items_of, refuse_some, sheet_of

    chosen = [each for each in proposals if each.id in names]
    gone = items_of(chosen)
    chosen += [
        each for each in proposals if each.state is State.OPEN and each.id not in names and goes_with(each, gone)
    ]
    sheet = sheet_of(pack_id, {f"{pack_id}/{name}": data for name, data in read_files(folder).items()})
    refuse_some(sheet, chosen)
    said = {each.id for each in chosen}
    return [replace(each, state=State.REFUSED) if each.id in said else each for each in proposals], sheet.changed


def _tell_open(proposals: tuple[Proposal, ...], as_json: bool, lang: str) -> None:
    if as_json:
        _print([json.loads(line.rstrip(",")) for line in write_proposals(proposals).decode().splitlines()[1:-1]])
        return
    for each in proposals:
        click.echo(f"{each.told} {each.confidence}% {each.reason.get(lang, '')}")
    click.echo(_LEFT[lang].format(n=len(proposals)))


def _print(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))
