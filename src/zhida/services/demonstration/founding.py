"""Founding an installation from a pack root: regions, offices and dictionary taken over, packs published and signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from zhida.domain.errors import AuthorError
from zhida.domain.packs import Item, Root, read_root, revision_of
from zhida.domain.values import Actor, Span, new_id
from zhida.kernel.catalogue import actions as catalogue
from zhida.kernel.funds import actions as funds


@dataclass(frozen=True)
class Signatories:
    """The three persons whose signatures let money leave a line."""

    maker: Actor
    checker: Actor
    releaser: Actor


def take_over(files: Mapping[str, bytes], *, by: Actor, as_of: datetime) -> Root:
    """Regions, offices and the dictionary, as the root's shared files say. Raises AuthorError with every problem."""
    root = read_root(files)
    if root.problems:
        raise AuthorError(root.problems)
    catalogue.publish_shared(files=files, by=by, as_of=as_of)
    return root


def publish(root: Root, pack_id: str, *, reader: Actor, by: Actor, as_of: datetime) -> str:
    """Publishes one pack and has `reader`, of its owner office, sign for having read it; the revision's id."""
    revision_id = catalogue.publish(revision=revision_of(root, root.packs[pack_id]), by=by, as_of=as_of)
    catalogue.sign_off(revision_id=revision_id, by=reader, as_of=as_of)
    return revision_id


def budget_lines(root: Root) -> Iterator[tuple[str, Item, str]]:
    """Every budget line that the packs draw on, with one item that does and the office that owns it."""
    seen = set()
    for pack in root.packs.values():
        for item in pack.items.values():
            if item.pays and item.budget_line not in seen:
                seen.add(item.budget_line)
                entry = root.dictionary.budget_lines.get(item.budget_line)
                yield item.budget_line, item, entry.owner if entry else pack.owner


def open_line(line: str, *, office: str, region: str, total_fen: int, on: date, by: Actor, as_of: datetime) -> None:
    """Opens a budget line for the year of `on` with its money."""
    funds.open_line(
        line=line,
        name=line,
        office=office,
        region=region,
        year=on.year,
        total_fen=total_fen,
        by=by,
        as_of=as_of,
    )


def sign_standing_release(line: str, *, cap_fen: int, valid: Span, signatories: Signatories, as_of: datetime) -> str:
    """Three persons sign that the system may pay from a line up to a cap; the release's id."""
    release_id = new_id("release")
    funds.prepare_release(
        release_id=release_id, line=line, cap_fen=cap_fen, valid=valid, by=signatories.maker, as_of=as_of
    )
    funds.check_release(release_id=release_id, by=signatories.checker, as_of=as_of)
    funds.sign_release(release_id=release_id, by=signatories.releaser, as_of=as_of)
    return release_id
