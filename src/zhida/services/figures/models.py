"""Counts by item, office and region, kept in parts; a tally is one whole of parts that were counted together.

A part is never changed: what is counted anew is a new part, and the tally that names it comes in the same transaction.
So whoever reads by a tally's parts reads one consistent whole, however many queries it takes.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

FIGURES = (
    "issued", "itemised", "open", "automatic", "matched", "told", "claimed", "decided", "granted", "paid", "running",
    "late", "paid_fen", "steps", "late_steps", "promised_days", "real_days",
)  # fmt: skip
KINDS = ("screening", "claims", "items")


class Level(models.IntegerChoices):
    """What a row adds up: one item at one office in one region; all items; all regions; one month of all items; what
    everybody may see, by subjects: of an item, of a region, and of all items together."""

    DETAIL = 0
    PLACE = 1
    ITEM = 2
    MONTH = 3
    OPEN_ITEM = 4
    OPEN_PLACE = 5
    OPEN_ALL = 6


class Circle(models.Model):
    """Offices that together may see a case: its own, and those that had a step of it. Written once, by name."""

    name = models.TextField(unique=True)


class CircleOffice(models.Model):
    """One office of a circle."""

    circle = models.ForeignKey(Circle, models.CASCADE, related_name="offices")
    office = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["office", "circle"], name="office_once_a_circle")]


class Part(models.Model):
    """What was counted of one kind; `stamp` is another wherever the count may be."""

    kind = models.CharField(max_length=9)
    stamp = models.TextField()
    regions = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="part_kind_known")]


class Tally(models.Model):
    """One whole: the part of each kind, when it was true, how much was counted, and the milliseconds that took."""

    screening = models.ForeignKey(Part, models.PROTECT, related_name="+")
    claims = models.ForeignKey(Part, models.PROTECT, related_name="+")
    items = models.ForeignKey(Part, models.PROTECT, related_name="+")
    as_of = models.DateTimeField()
    size = models.PositiveBigIntegerField()
    took_ms = models.PositiveIntegerField()


class Row(models.Model):
    """The sums of one place; a figure that a part does not count is null, and takes no room."""

    part = models.ForeignKey(Part, models.CASCADE, related_name="rows", db_index=False)
    level = models.SmallIntegerField()
    item = models.CharField(max_length=200, blank=True)
    office = models.CharField(max_length=120, blank=True)
    region = models.CharField(max_length=12, blank=True)
    circle = models.ForeignKey(Circle, models.PROTECT, null=True, related_name="+", db_index=False)
    month = models.DateField(null=True)
    late_since = models.DateField(null=True)
    issued: Any = models.BigIntegerField(null=True)
    itemised: Any = models.BigIntegerField(null=True)
    open: Any = models.BigIntegerField(null=True)
    automatic: Any = models.BigIntegerField(null=True)
    matched: Any = models.BigIntegerField(null=True)
    told: Any = models.BigIntegerField(null=True)
    claimed: Any = models.BigIntegerField(null=True)
    decided: Any = models.BigIntegerField(null=True)
    granted: Any = models.BigIntegerField(null=True)
    paid: Any = models.BigIntegerField(null=True)
    running: Any = models.BigIntegerField(null=True)
    late: Any = models.BigIntegerField(null=True)
    paid_fen: Any = models.BigIntegerField(null=True)
    steps: Any = models.BigIntegerField(null=True)
    late_steps: Any = models.BigIntegerField(null=True)
    promised_days: Any = models.BigIntegerField(null=True)
    real_days: Any = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["part", "level", "region"], name="figure_of_region"),
            models.Index(fields=["part", "level", "item"], name="figure_of_item"),
        ]


class Face(models.Model):
    """An item in force when it was counted, as lists name it; `is_first` of its policy, so that policies are counted
    by it. The days are those on which it can be claimed, half-open."""

    part = models.ForeignKey(Part, models.CASCADE, related_name="faces", db_index=False)
    item = models.CharField(max_length=200)
    pack = models.CharField(max_length=160)
    is_first = models.BooleanField()
    office = models.CharField(max_length=120)
    region = models.CharField(max_length=12, blank=True)
    title_zh = models.TextField(blank=True)
    title_en = models.TextField(blank=True)
    opens_on = models.DateField(null=True)
    closes_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["part", "item"], name="face_once_a_part")]
