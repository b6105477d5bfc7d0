"""A document, a pasted text or an exported pack becomes the files of a draft; what cannot be read is said plainly."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from zhida.domain.errors import AuthorError, ZhidaError
from zhida.domain.packs import Dictionary, read_revision
from zhida.domain.packs.revision_files import USED
from zhida.domain.values import local_date
from zhida.kernel.catalogue import queries as catalogue
from zhida.services.authoring.archive import unpacked
from zhida.services.structuring import Document, draft_pack, read_document, refuse_no_policy
from zhida.surfaces.desk.settlement import added_path
from zhida.surfaces.look.language import say, spoken
from zhida.surfaces.look.telling.problems import all_told

SLUG = re.compile(r"^[a-z][a-z0-9-]{1,60}$")
GROUPS = "_groups/"
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True)
class TakenIn:
    """What a draft begins with. `faults` are by field, in the page's words."""

    pack_id: str = ""
    title: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)
    source: str = ""
    sha256: str = ""
    notes: tuple[Mapping[str, object], ...] = ()
    base: str = ""
    office: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)


def take_in(name: str, data: bytes, *, offices: Sequence[str], slug: str, as_of: datetime, where: str) -> TakenIn:
    """The draft of a document, or an exported pack as it is. `offices` are those that may issue it: the one whose name
    the document says, else the first. `where` is the field that faults are told beside."""
    if slug and not SLUG.match(slug):
        return TakenIn(faults={"slug": say("只用小写字母、数字和短横，字母开头")})
    try:
        if data.startswith(_ZIP) and _is_exported(data):
            return _imported(name, data)
        return _drafted(name, data, offices=offices, slug=slug, as_of=as_of)
    except AuthorError as error:
        return TakenIn(faults={where: all_told(error.problems, spoken())})
    except ZhidaError as error:
        return TakenIn(faults={where: f"{error.words} {error.hint}".strip()})


def _drafted(name: str, data: bytes, *, offices: Sequence[str], slug: str, as_of: datetime) -> TakenIn:
    document = read_document(name, data)
    refuse_no_policy(name, document)
    dictionary = catalogue.root().dictionary
    office = _office_of(document, offices, dictionary)
    entry = dictionary.offices.get(office)
    region = entry.region if entry else ""
    pack_id = f"{_folder(office, region, as_of)}/{slug or f'd-{document.sha256[:12]}'}"
    draft = draft_pack(document, dictionary, pack_id, office=office, region=region)
    title = draft.structure.header.title
    return TakenIn(
        pack_id,
        title.text if title else name,
        {f"{pack_id}/{path}": body for path, body in draft.files.items()},
        name,
        document.sha256,
        tuple(dict(vars(one)) for one in draft.notes),
        base=_base(pack_id),
        office=office,
    )


def _office_of(document: Document, offices: Sequence[str], dictionary: Dictionary) -> str:
    """The office whose full name the document says, the longest name first; else the first one."""
    text = "\n".join(one.text for one in document.paragraphs)
    known = {one: dictionary.offices[one].words.get("zh", "") for one in offices if one in dictionary.offices}
    named = [one for one, words in known.items() if words and words in text]
    return max(named, key=lambda one: len(known[one])) if named else offices[0]


def _folder(office: str, region: str, as_of: datetime) -> str:
    """The folder of a region's packs: that of those published, else the first word of the office's slug."""
    there = catalogue.policies(as_of=as_of, regions=[region], limit=1) if region else ()
    return there[0].pack_id.partition("/")[0] if there else re.split(r"[/-]", office)[0]


def _base(pack_id: str) -> str:
    standing = [one for one in catalogue.revisions(pack_id) if one.withdrawn_at is None]
    return standing[0].id if standing else ""


def _is_exported(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(name.endswith("/pack.yaml") for name in archive.namelist())
    except zipfile.BadZipFile:
        return False


def _imported(name: str, data: bytes) -> TakenIn:
    files = unpacked(data)
    pack = read_revision(files)
    own = {path: body for path, body in files.items() if path.startswith(f"{pack.id}/")} | _added(pack.id, files)
    digest = hashlib.sha256(data).hexdigest()
    title = _title(pack.document.title, pack.id)
    return TakenIn(pack.id, title, own, name, digest, base=_base(pack.id), office=pack.owner)


def _added(pack_id: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The groups and the facts of an exported pack that nothing here shares yet, as a draft of it would add them."""
    shared = catalogue.root()
    found = {path: body for path, body in files.items() if path.startswith(GROUPS)}
    found = {path: body for path, body in found.items() if path[len(GROUPS) : -len(".yaml")] not in shared.groups}
    told = json.loads(files[USED]).get("attributes", {})
    facts = {name: one for name, one in told.items() if name not in shared.dictionary.attributes}
    if facts:
        found[added_path(pack_id)] = (json.dumps({"attributes": facts}, ensure_ascii=False, indent=1) + "\n").encode()
    return found


def again(revision_id: str, as_of: datetime) -> TakenIn:
    """A draft of the next version of a published policy: its own files as they stand, byte for byte."""
    pack = catalogue.revision(revision_id)
    files = {f"{pack.id}/{path}": body for path, body in pack.files.items()}
    day = local_date(as_of).isoformat()
    title = _title(pack.document.title, pack.id)
    source = say("现行版本，{day}", day=day)
    return TakenIn(pack.id, title, files, source, base=_base(pack.id), office=pack.owner)


def _title(text: str, pack_id: str) -> str:
    return text.lstrip("# ").strip() or pack_id
