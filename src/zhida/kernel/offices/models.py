"""The tables of offices: two dated trees with their closures, duties, mandates, and announced calendar years."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from zhida.kernel.offices.spans import Dated


class Role(models.TextChoices):
    """What an account may be at an office. Maker, checker and releaser exclude one another (migration 0002)."""

    PERSON = "person"
    AGENT = "agent"
    REVIEWER = "reviewer"
    AUTHOR = "author"
    MAKER = "maker"
    CHECKER = "checker"
    RELEASER = "releaser"
    AUDITOR = "auditor"
    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    GRIDWORKER = "gridworker"


MONEY_ROLES = (Role.MAKER, Role.CHECKER, Role.RELEASER)
"""One account holds at most one of these at one office at a time: four eyes on every payment."""


class Region(models.Model):
    """A division (GB/T 2260) or a zone with a code of its own."""

    code = models.CharField(primary_key=True, max_length=12)
    zh = models.CharField(max_length=64)
    en = models.CharField(max_length=96, blank=True)


class RegionPlace(Dated):
    """Under which region a region stands, and when; null is the top."""

    node = models.ForeignKey("offices.Region", models.CASCADE, related_name="places")
    parent = models.ForeignKey("offices.Region", models.PROTECT, null=True, related_name="+")

    class Meta(Dated.Meta):
        constraints: ClassVar = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["node", "valid_from"], name="region_one_place_from_a_date"),
        ]


class RegionWithin(Dated):
    """The closure of places: derived, and built anew whenever they change."""

    node = models.ForeignKey("offices.Region", models.CASCADE, related_name="above")
    ancestor = models.ForeignKey("offices.Region", models.CASCADE, related_name="below")
    depth = models.PositiveSmallIntegerField()


class Office(models.Model):
    """A department of an authority; its id is the slug that packs name it by."""

    id = models.CharField(primary_key=True, max_length=100)
    region = models.ForeignKey("offices.Region", models.PROTECT, related_name="offices")
    zh = models.CharField(max_length=64)
    en = models.CharField(max_length=160, blank=True)


class OfficePlace(Dated):
    """Under which office an office stands, and when; null is the top."""

    node = models.ForeignKey("offices.Office", models.CASCADE, related_name="places")
    parent = models.ForeignKey("offices.Office", models.PROTECT, null=True, related_name="+")

    class Meta(Dated.Meta):
        constraints: ClassVar = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["node", "valid_from"], name="office_one_place_from_a_date"),
        ]


class OfficeWithin(Dated):
    """The closure of places: derived, and built anew whenever they change."""

    node = models.ForeignKey("offices.Office", models.CASCADE, related_name="above")
    ancestor = models.ForeignKey("offices.Office", models.CASCADE, related_name="below")
    depth = models.PositiveSmallIntegerField()


class Duty(Dated):
    """An account with a role at an office."""

    id = models.CharField(primary_key=True, max_length=39)
    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="duties")
    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="duties")
    role = models.CharField(max_length=10, choices=Role.choices)

    class Meta(Dated.Meta):
        constraints: ClassVar = [
            *Dated.Meta.constraints,
            models.CheckConstraint(condition=Q(role__in=Role.values), name="duty_role_known"),
            models.CheckConstraint(condition=Q(valid_from__isnull=False), name="duty_begins"),
            models.UniqueConstraint(fields=["account", "office", "role", "valid_from"], name="duty_once_from_a_date"),
        ]


class Mandate(Dated):
    """An account may act for a subject, within its powers. `source` says on whose word: a register, a consent."""

    id = models.CharField(primary_key=True, max_length=39)
    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="mandates")
    subject = models.CharField(max_length=40, db_index=True)
    powers = models.JSONField()
    source = models.CharField(max_length=200)

    class Meta(Dated.Meta):
        constraints: ClassVar = [
            *Dated.Meta.constraints,
            models.CheckConstraint(condition=Q(valid_from__isnull=False), name="mandate_begins"),
            models.CheckConstraint(condition=~Q(source=""), name="mandate_has_a_source"),
        ]


class AnnouncedYear(models.Model):
    """A year's holidays and make-up days as announced, in the place of what `working_days.json` says of that year."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    holidays = models.JSONField()
    make_up_days = models.JSONField()
    source = models.CharField(max_length=200)
