"""A records package as it arrives: manifest, documents and bytes must say the same, or nothing of it is taken.

https://hl7.org/fhir/R4/documents.html
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from adapter.base.errors import Invalid, Problem
from adapter.fhir.coding import REFERRAL_NOTE
from adapter.fhir.resource import Resource
from adapter.fhir.systems import EXT_MANIFEST
from adapter.mapping.from_fhir.document import ReceivedDocument, disagreements
from adapter.mapping.from_fhir.request_view import record_id_of


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceivedRecord:
    """A record whose bytes are those that the manifest names.

    Attributes:
        record_id: the sender's own id of it.
        document: its DocumentReference, references as `Type/id`.
        data: the bytes.
        sha256: of the bytes, in lower-case hex.
        content_type: the media type.
        language: BCP 47; None = not stated.
    """

    record_id: str
    document: Resource
    data: bytes
    sha256: str
    content_type: str
    language: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceivedPackage:
    """A package that was checked.

    Attributes:
        package_id: the value of Bundle.identifier; None = not stated.
        composition: the Composition.
        items: in the manifest's order.
    """

    package_id: str | None
    composition: Resource
    items: tuple[ReceivedRecord, ...]


def read_package(bundle: Resource) -> ReceivedPackage:
    """Read a records package and hold everything that it says against its bytes.

    Raises:
        Invalid: with every disagreement: a record without bytes, bytes that are not those announced, a document
            that the manifest does not name, a manifest entry without a document, bytes that belong to nothing.
    """
    document = ReceivedDocument(bundle, REFERRAL_NOTE)
    problems: list[Problem] = []
    manifests = [one for one in document.of_type("List") if _is_manifest(document, one)]
    if len(manifests) != 1:
        text = "a records package has one manifest: a List to which a section refers"
        raise Invalid("the package has no manifest", problems=[Problem(text, "Composition.section", "required")])
    items: dict[str, ReceivedRecord] = {}
    used: set[str] = set()
    for n, entry in enumerate(manifests[0].get("entry", [])):
        item = _item(document, entry, f"List.entry[{n}]", problems, used)
        if item is not None and item.record_id in items:
            problems.append(Problem("the manifest names this record twice", f"List.entry[{n}]", "duplicate"))
        elif item is not None:
            items[item.record_id] = item
    for kind in ("DocumentReference", "Binary"):
        if any(one["id"] not in used for one in document.of_type(kind)):
            text = f"the package has a {kind} that the manifest does not name"
            problems.append(Problem(text, f"Bundle.entry.resource.ofType({kind})", "business-rule"))
    if problems:
        raise Invalid("the records package is refused: it is not what its manifest says", problems=problems)
    return ReceivedPackage(
        package_id=document.identifier.get("value"), composition=document.composition, items=tuple(items.values())
    )


def _is_manifest(document: ReceivedDocument, listed: Resource) -> bool:
    sections = document.composition.get("section", ())
    return any(document.target(entry) is listed for section in sections for entry in section.get("entry", ()))


def _item(
    document: ReceivedDocument, entry: Resource, where: str, problems: list[Problem], used: set[str]
) -> ReceivedRecord | None:
    described = document.target(entry.get("item"))
    if described is None or described["resourceType"] != "DocumentReference":
        problems.append(Problem("the document that the manifest names is missing", f"{where}.item", "not-found"))
        return None
    used.add(described["id"])
    attachments = [one["attachment"] for one in described.get("content", ()) if "attachment" in one]
    attachment = attachments[0] if len(attachments) == 1 else {}
    data, binary = document.data_of(attachment)
    if binary is not None:
        used.add(binary["id"])
    if data is None:
        problems.append(Problem("the bytes of this record are missing, or no base64", f"{where}.item", "not-found"))
        return None
    stated = _stated(entry)
    sha256 = hashlib.sha256(data).hexdigest()
    content_type = str(stated.get("contentType") or attachment.get("contentType"))
    found = [
        *disagreements(attachment, data, f"{where}.item.content.attachment"),
        *_differences(where, stated, described, attachment, binary, sha256, len(data)),
    ]
    problems += found
    if found:
        return None
    return ReceivedRecord(
        record_id=str(stated["record"]),
        document=described,
        data=data,
        sha256=sha256,
        content_type=content_type,
        language=attachment.get("language"),
    )


def _stated(entry: Resource) -> Mapping[str, object]:
    """Return what the manifest says of one record, by the names of the parts of its extension."""
    for extension in entry.get("extension", ()):
        if extension.get("url") == EXT_MANIFEST:
            return {
                part["url"]: next((value for name, value in part.items() if name.startswith("value")), None)
                for part in extension.get("extension", ())
                if "url" in part
            }
    return {}


def _differences(
    where: str,
    stated: Mapping[str, object],
    described: Resource,
    attachment: Resource,
    binary: Resource | None,
    sha256: str,
    size: int,
) -> list[Problem]:
    def differ(what: str) -> Problem:
        return Problem(f"the manifest and the record disagree on the {what}", where, "value")

    problems = [
        Problem(f'the manifest does not state "{name}"', where, "required")
        for name in ("record", "sha256", "size", "contentType")
        if stated.get(name) is None
    ]
    if problems:
        return problems
    media_types = {attachment.get("contentType"), binary.get("contentType") if binary else None} - {None}
    checks = {
        "record id": stated["record"] == record_id_of(described),
        "sha256": str(stated["sha256"]).lower() == sha256,
        "size": stated["size"] == size,
        "media type": media_types == {stated["contentType"]},
        "language": stated.get("language") == attachment.get("language"),
    }
    return [differ(what) for what, agrees in checks.items() if not agrees]
