"""Names on public notice keep a part to themselves."""

import pytest

from zhida.domain.values import SubjectKind
from zhida.kernel.registry.records import SubjectRecord
from zhida.surfaces.portal.presenters.publicity import masked


@pytest.mark.parametrize(
    ("kind", "name", "shown"),
    [
        (SubjectKind.PERSON, "林秋", "林＊"),
        (SubjectKind.PERSON, "林知秋", "林＊秋"),
        (SubjectKind.PERSON, "欧阳知秋", "欧＊＊秋"),
        (SubjectKind.HOUSEHOLD, "石溪安辰家庭", "石＊＊＊＊庭"),
        (SubjectKind.ORGANISATION, "明州启衡精密机械有限公司", "明州启衡＊＊＊＊有限公司"),
        (SubjectKind.ORGANISATION, "青禾商店", "青禾商店"),
    ],
)
def test_part_of_a_name_is_hidden(kind: SubjectKind, name: str, shown: str) -> None:
    assert masked(SubjectRecord("subject_1", kind, "990000", name)) == shown
