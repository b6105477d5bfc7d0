"""Search what is public, and make this host's index anew."""

from __future__ import annotations

import json
from typing import Any

import click

from zhida.surfaces.cli.folders import json_option
from zhida.surfaces.cli.groundwork.installation import start


@click.group(name="search")
def command() -> None:
    """Search what is public, and make this host's index anew."""


@command.command()
def rebuild() -> None:
    """Make the index where documents changed since the last one; the worker does it by itself on its own host."""
    _, as_of = start()
    from zhida.kernel.catalogue.documents import PublishedDocuments
    from zhida.kernel.search import actions

    count = actions.rebuild(source=PublishedDocuments(), as_of=as_of)
    click.echo(f"{count} documents" if count else "up to date")


@command.command()
@click.argument("text")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(["policy", "item", "clause"]))
@click.option("--limit", default=10, show_default=True)
@json_option
def find(text: str, kinds: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Find policies, items and clauses by words, pinyin, first letters or document number."""
    _, as_of = start()
    from zhida.kernel.search import queries

    found = queries.search(text, as_of=as_of, facets={"kind": kinds}, limit=limit)
    hits: list[dict[str, Any]] = [
        {"kind": hit.kind, "id": hit.id, "title": hit.title.text, "number": hit.number, "why": [*hit.why]}
        for hit in found.hits
    ]
    if as_json:
        click.echo(json.dumps({"total": found.total, "way": found.way, "hits": hits}, ensure_ascii=False, indent=2))
        return
    for hit in hits:
        click.echo(f"{hit['kind']:<7} {hit['id']}  {hit['title']}  {hit['number']}  [{', '.join(hit['why'])}]")
    click.echo(f"{found.total} found, {found.way}")
