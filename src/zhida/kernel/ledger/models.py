"""The ledger's tables. All but two are append-only, which triggers hold in both databases (migration 0002).

`Payload` may lose rows: erasing a fact's fields leaves its digests, and every proof stands. `Waiting` is an index.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Entry(models.Model):
    """A fact's open head and the salted digests of its fields: exactly what its leaf hashes."""

    id = models.CharField(primary_key=True, max_length=39)
    kind = models.CharField(max_length=64)
    about = models.CharField(max_length=128)
    at = models.DateTimeField()
    digests = models.TextField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["about", "id"], name="entry_about"),
            models.Index(fields=["kind", "id"], name="entry_kind"),
        ]


class Payload(models.Model):
    """The fields' values and salts as canonical JSON: `{name: {"salt": hex, "value": value}}`. Erasable."""

    entry = models.OneToOneField("ledger.Entry", models.PROTECT, primary_key=True)
    fields = models.TextField()


class Waiting(models.Model):
    """An entry that has no leaf yet, so that the sequencer's work grows with what is new and not with what is old."""

    entry = models.OneToOneField("ledger.Entry", models.PROTECT, primary_key=True)


class Leaf(models.Model):
    """An entry's place in the tree, counted from 0 without a gap. No hash covers `sequenced_at`."""

    position = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField("ledger.Entry", models.PROTECT)
    sequenced_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(position__gte=0), name="leaf_position_counts_from_0"),
        ]


class Node(models.Model):
    """The hash of a complete subtree. `place` numbers all nodes in order: (2 * index + 1) * 2^level - 1."""

    place = models.BigIntegerField(primary_key=True)
    hash = models.BinaryField(max_length=32)


class Checkpoint(models.Model):
    """A signed head (C2SP tlog-checkpoint) over the first `size` leaves; `sealed_at` is covered by no signature."""

    size = models.BigIntegerField(primary_key=True)
    note = models.TextField()
    sealed_at = models.DateTimeField()


class Cosignature(models.Model):
    """What a witness signed under a checkpoint: its written key, and its line of the note."""

    checkpoint = models.ForeignKey("ledger.Checkpoint", models.PROTECT)
    witness = models.CharField(max_length=300)
    line = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["checkpoint", "witness"], name="cosignature_once_a_witness"),
        ]
