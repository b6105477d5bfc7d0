"""Names of offices and places as a page shows them."""

from __future__ import annotations

from collections.abc import Iterable

from zhida.kernel.offices import queries as offices
from zhida.kernel.offices.queries import OfficeRecord
from zhida.surfaces.look.language import spoken

ROLE_NAMES = {
    "reviewer": "审核",
    "author": "政策编制",
    "maker": "制单",
    "checker": "复核",
    "releaser": "放行",
    "auditor": "审计",
    "operator": "管理",
    "supervisor": "督查",
    "gridworker": "网格",
}
_known: dict[str, OfficeRecord] = {}
_places: dict[str, dict[str, str]] = {}


def office_name(office_id: str) -> str:
    """The office's name in the page's language; its id where nobody has loaded it. Each is asked for once a process."""
    return office_names([office_id]).get(office_id, "")


def office_names(office_ids: Iterable[str]) -> dict[str, str]:
    """The same of many, by id: those that are not known yet are asked for together."""
    wanted = set(office_ids)
    if fresh := wanted - _known.keys() - {""}:
        _known.update(offices.offices_named(fresh))
    is_english = spoken() == "en"
    told = ((one, _known.get(one)) for one in wanted)
    return {one: (found.en if is_english and found.en else found.zh) if found else one for one, found in told}


def region_name(code: str) -> str:
    """The region's name in the page's language; its code where nobody has loaded it. As office names, kept."""
    if not code:
        return code
    names = _places.get(spoken(), {})
    if code not in names:
        names = _places[spoken()] = offices.region_names(spoken())
    return names.get(code, code)
