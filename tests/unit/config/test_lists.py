"""A long list of texts finds what its texts find one by one, and PostgreSQL gets it as one array."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhida.config.lists import FEWEST
from zhida.kernel.offices.models import Region

pytestmark = pytest.mark.django_db
STRANGE = ("NULL", "null", "", "{}", "{a,b}", 'a"b', "a\\b", "a'b", "%s", " a ", "中，文", "a\x1fb", "\x1f")


def test_a_long_list_finds_what_each_of_its_texts_finds() -> None:
    codes = list(STRANGE)
    Region.objects.bulk_create(Region(code=code, zh=code) for code in (*codes, "other"))
    filler = [f"no{number}" for number in range(FEWEST)]
    plain = [one for one in codes if "\x1f" not in one]
    assert set(Region.objects.filter(code__in=(*plain, *filler)).values_list("code", flat=True)) == set(plain)
    for asked in ([*codes, *filler], [*codes, *codes, None, *filler], {*codes, *filler}):
        with CaptureQueriesContext(connection) as sent:
            found = set(Region.objects.filter(code__in=asked).values_list("code", flat=True))
        assert found == set(codes)
        assert ("= ANY(" in sent[0]["sql"]) == (connection.vendor == "postgresql")
        assert set(Region.objects.exclude(code__in=asked).values_list("code", flat=True)) & {*codes, "other"} == {
            "other"
        }


def test_no_text_and_no_list_in_hand_stay_as_they_are() -> None:
    assert list(Region.objects.filter(code__in=[])) == []
    assert list(Region.objects.filter(code__in=[None] * FEWEST)) == []
    within = Region.objects.filter(zh__in=[f"no{number}" for number in range(FEWEST)])
    with CaptureQueriesContext(connection) as sent:
        assert list(Region.objects.filter(code__in=within.values("code"))) == []
    assert len(sent) == 1
