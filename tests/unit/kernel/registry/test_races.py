"""Changes recorded at once by many: positions stay one row without gaps, and a watermark leaves none behind."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from zhida.domain.values import SubjectKind, new_id
from zhida.kernel.registry import actions
from zhida.kernel.registry.actions import Change, NewSubject
from zhida.kernel.registry.counting import OVERLAYS, reached
from zhida.kernel.registry.models import Overlay


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_watermark_never_passes_a_change_that_is_still_under_way(dictionary, actor, now, today) -> None:
    actions.load_dictionary(dictionary=dictionary, by=actor, as_of=now)
    firm = NewSubject(new_id("subject"), SubjectKind.ORGANISATION, "云岚厂", "990102")
    actions.register_subject(subject=firm, by=actor, as_of=now)

    def record(number: int) -> int:
        try:
            changes = [Change(firm.id, "revenue_fen@2025", number, "tax", today)] * 3
            taken = actions.record_facts(changes=changes, by=actor, as_of=now)
            with transaction.atomic():
                watermark = reached(OVERLAYS)
            assert Overlay.objects.filter(position__lte=watermark).count() == watermark
            return len(taken)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(record, range(40))) == 120
    assert list(Overlay.objects.order_by("position").values_list("position", flat=True)) == list(range(1, 121))
