"""The inspection report: what the supervisor's page shows, set on paper."""

from __future__ import annotations

from collections.abc import Sequence

from zhida.domain.values import local_date, yuan
from zhida.services.papers.report import Part, Table, report_pdf
from zhida.surfaces.desk.officers import Officer
from zhida.surfaces.desk.watch_records import Row, Supervision
from zhida.surfaces.look.language import say
from zhida.surfaces.look.shell import site_name
from zhida.surfaces.look.telling.offices import office_name

ITEMS = 500
"""The items with most entitled that a report lists."""


def report(page: Supervision, officer: Officer) -> bytes:
    """The report as PDF, with its day, its maker and the root of the ledger that its figures stand on."""
    day = local_date(page.as_of).isoformat()
    where = say("、").join(str(one.label) for one in page.where) or say("全部")
    maker = say("{office}，{name}", office=office_name(officer.offices[0]), name=officer.name)
    lead = [page.headline, page.lead, say("范围：{where}", where=where), say("{date}，{maker}", date=day, maker=maker)]
    root = say("账本 {n} 条，树根 {root}", n=f"{page.leaves:,}", root=page.root[:16])
    title = say("{site}惠民利企政策兑现督查报告", site=str(site_name()))
    return report_pdf(title, lead, tuple(_parts(page)), foot=root)


def _parts(page: Supervision) -> list[Part]:
    stages = Table(
        (say("环节"), say("数量"), say("占首个环节"), ""),
        [(stage.name, f"{stage.count:,}", stage.share, stage.words) for stage in page.stages],
        (3, 2, 2, 7),
    )
    late = [line for line in page.offices if line.late.count]
    heads = ("部门", "在办", "现在超期", "办完，步", "超期办完，步", "承诺，天", "实际，天", "督办", "答复")
    days = Table(
        tuple(map(say, heads)),
        [
            (line.name, str(line.running.count), str(line.late.count), str(line.steps), str(line.late_steps),
             line.promised, line.real, str(line.urged), str(line.answered))
            for line in page.offices
        ],
        (8, 2, 3, 3, 4, 3, 3, 2, 2),
    )  # fmt: skip
    worst = [
        say("{office}：超期 {n} 件，最久{worst}", office=one.name, n=one.late.count, worst=one.worst) for one in late
    ]
    months = Table(
        (say("月份"), *(number.name for number, _ in page.months[0].bars)) if page.months else (say("月份"),),
        [(f"{month.month:%Y-%m}", *(f"{number.count:,}" for number, _ in month.bars)) for month in page.months],
        (3, 2, 2, 2) if page.months else (1,),
    )
    return [
        Part(say("从匹配到兑现"), [page.unit], stages),
        Part(say("谁超期"), worst or [say("现在没有超期的办件")], days),
        Part(say("各部门"), (), _table(page.departments)),
        Part(page.map_heading, (), _table(page.places)),
        Part(say("各月"), (), months),
        Part(say("每个事项"), [say("只列匹配最多的 {n} 个", n=ITEMS)] if page.more else (), _items(page.items)),
    ]


def _table(rows: Sequence[Row]) -> Table:
    head = tuple(number.name for number in rows[0].numbers) if rows else ()
    cells = [(str(row.name), *(f"{number.count:,}" for number in row.numbers), row.share) for row in rows]
    return Table((say("名称"), *head, say("兑现率")), cells, (8, *(2 for _ in head), 3))


def _items(rows: Sequence[Row]) -> Table:
    head = tuple(number.name for number in rows[0].numbers) if rows else ()
    paid = ("" if row.paid_fen is None else yuan(row.paid_fen) for row in rows)
    counts = [(str(row.name), *(f"{number.count:,}" for number in row.numbers)) for row in rows]
    cells = [(*row, fen) for row, fen in zip(counts, paid, strict=True)]
    return Table((say("事项"), *head, say("已付，元")), cells, (9, *(2 for _ in head), 4))
