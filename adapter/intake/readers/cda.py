"""Reads CDA R2: a ClinicalDocument as a tree, with the document itself as a leaf, so that it can go along as a record.

Nothing is fetched, whatever the document refers to. What nullFlavor says is kept, and is never a value.
http://www.hl7.org/implement/standards/product_brief.cfm?product_id=7
"""

import base64
import codecs
import re
from typing import Final

from adapter.base.errors import Invalid, Problem, TooLarge, UnknownFormat, Unreadable
from adapter.fhir.codec.xml_tree import Node as Element
from adapter.fhir.codec.xml_tree import line_of, read_tree
from adapter.intake.readers.cda_narrative import LONGEST_REFERENCE, Anchors, local
from adapter.intake.readers.cda_tree import MAX_LEVELS, V3, Tree, anchors_of
from adapter.intake.readers.reading import Reading
from adapter.mapping.remarks import Remark, RemarkKind
from adapter.mapping.source import Node

ROOT: Final = "/ClinicalDocument"
ORIGINAL: Final = "original"
"""The name of the leaf that holds the document itself, in base64."""

MAX_FIELDS: Final = 150_000
"""Elements and attributes of a document; large real ones have some 50,000."""
MAX_ATTRIBUTES: Final = 100
"""Of one element; CDA has no more than twenty."""

_DECLARED: Final = re.compile(rb"(<\?xml[^>]*?encoding\s*=\s*[\"'])([A-Za-z0-9._-]{1,40})([\"'])")
_ENCODINGS: Final = frozenset(
    {"iso8859-1", "iso8859-2", "iso8859-9", "iso8859-15", "cp1250", "cp1252", "utf-16", "utf-16-le", "utf-16-be"}
)
_BOMS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_cda(data: bytes) -> Reading:
    """Return a CDA document as a tree.

    Raises:
        Unreadable: not well-formed, a DOCTYPE, an entity, or an encoding that is not read.
        TooLarge: beyond the limits of size and depth.
        UnknownFormat: XML, and no ClinicalDocument of CDA R2.
        Invalid: it speaks of more than one patient.
    """
    root = read_tree(_as_utf8(data))
    namespace = str(root.tag).rpartition("}")[0].removeprefix("{")
    if local(root) != "ClinicalDocument" or namespace not in ("", V3):
        raise UnknownFormat(f"this is no CDA R2: its root is ClinicalDocument of {V3}", where="/")
    _refuse_size(root)
    _refuse_second_patient(root)
    anchors = Anchors(anchors_of(root))
    tree = Tree(anchors)
    top = tree.node(root, "ClinicalDocument", ROOT)
    original = Node(ORIGINAL, ROOT, base64.b64encode(data).decode())
    children = [
        one if one.path != ROOT else Node(one.name, f"{ROOT}/text()", one.text) for one in top.children or (top,)
    ]
    said = Node(top.name, ROOT, None, (*children, *tree.sections, original))
    return Reading(
        said,
        _sender(said),
        _kind(said),
        tuple(_remarks(namespace, anchors)),
        is_change=_is_change(said),
        lines=tree.lines,
    )


def _as_utf8(data: bytes) -> bytes:
    """Return a document in UTF-8; one that declares another encoding of Western Europe is decoded.

    Raises:
        Unreadable: the bytes are not what the document declares.
    """
    declared = _DECLARED.match(data.removeprefix(codecs.BOM_UTF8))
    name = "utf-16" if data.startswith(_BOMS) else declared[2].decode("ascii") if declared is not None else "utf-8"
    try:
        known = codecs.lookup(name).name
    except LookupError:
        return data  # the parser says what is wrong with it
    if known not in _ENCODINGS:
        return data
    try:
        text = data.decode(known)
    except UnicodeDecodeError as error:
        said = f"the text is not {known}, which the XML declares (byte {error.start}): correct the declaration"
        raise Unreadable(said) from None
    return _DECLARED.sub(rb"\1utf-8\3", text.removeprefix("\ufeff").encode(), count=1)


def _refuse_size(root: Element) -> None:
    level, count = [root], 0
    for _ in range(MAX_LEVELS):
        for element in level:
            attributes = len(element.attrib)
            count += 1 + attributes
            if attributes > MAX_ATTRIBUTES:
                said = f"an element has more than {MAX_ATTRIBUTES} attributes: CDA has no such element"
                raise TooLarge(said, problems=[Problem(said, line=line_of(element))])
        if count > MAX_FIELDS:
            raise TooLarge(f"more than {MAX_FIELDS} elements and attributes: send the document in parts")
        level = [child for element in level for child in element]
        if not level:
            return
    said = f"nested deeper than the limit of {MAX_LEVELS} levels"
    raise TooLarge(said, problems=[Problem(said, line=line_of(level[0]))])


def _refuse_second_patient(root: Element) -> None:
    patients = [child for child in root if local(child) == "recordTarget"]
    if len(patients) > 1:
        said = f"the document speaks of {len(patients)} patients: send one document for each"
        raise Invalid(said, problems=[Problem(said, f"{ROOT}/recordTarget[2]", line=line_of(patients[1]))])


def _sender(top: Node) -> str:
    """Return in which naming system the document's number counts: that of its set or id, else its custodian's."""
    for name in ("setId", "id"):
        if top.value(name, "@extension") and (issuer := top.value(name, "@root")):
            return f"cda:{issuer}"
    custodian = top.first("custodian")
    for name in ("assignedCustodian", "representedCustodianOrganization", "id"):
        custodian = custodian.first(name) if custodian is not None else None
    parts = (custodian.value("@root"), custodian.value("@extension")) if custodian is not None else ()
    return f"cda:{'|'.join(filter(None, parts))}"


def _kind(top: Node) -> str:
    code = top.value("code", "@code") or ""
    return f"ClinicalDocument {code}" if re.fullmatch(r"[0-9]{1,7}-[0-9]", code) else "ClinicalDocument"


def _is_change(top: Node) -> bool:
    """Tell whether the document is a later version and does not say of which document."""
    version = top.value("versionNumber", "@value") or ""
    return version.isdigit() and int(version[:6]) > 1 and top.first("relatedDocument") is None


def _remarks(namespace: str, anchors: Anchors) -> list[Remark]:
    remarks = []
    if not namespace:
        said = f"the document names no namespace: read as {V3}"
        remarks.append(Remark(RemarkKind.DEFAULTED, ROOT, None, said))
    if anchors.cut:
        said = f"a text that an entry refers to has more than {LONGEST_REFERENCE} characters: its beginning is taken"
        remarks.append(Remark(RemarkKind.TRUNCATED, None, None, said))
    return remarks
