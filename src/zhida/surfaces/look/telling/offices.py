"""Names of offices and places as a page shows them."""

from __future__ import annotations

from zhida.domain.errors import ConflictError
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
    if office_id and office_id not in _known:
        try:
            _known[office_id] = offices.office(office_id)
        except ConflictError:
            return office_id
    found = _known.get(office_id)
    if found is None:
        return ""
    return found.en if spoken() == "en" and found.en else found.zh


def region_name(code: str) -> str:
    """The region's name in the page's language; its code where nobody has loaded it. As office names, kept."""
    if not code:
        return code
    names = _places.get(spoken(), {})
    if code not in names:
        names = _places[spoken()] = offices.region_names(spoken())
    return names.get(code, code)
