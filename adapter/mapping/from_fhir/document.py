"""A document Bundle: its Composition, what it refers to, and the bytes behind an Attachment.

https://hl7.org/fhir/R4/documents.html
"""

import base64
import binascii
import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from adapter.base.errors import Invalid, Problem
from adapter.fhir.bundles import local_reference, unbundle
from adapter.fhir.resource import Resource
from adapter.mapping.from_fhir.request_view import sha1_of, sha256_of


class ReceivedDocument:
    """A document taken apart; references are `Type/id`."""

    def __init__(self, bundle: Resource, code: str) -> None:
        """Take `bundle` apart.

        Args:
            bundle: a document Bundle, valid R4.
            code: the LOINC code that its Composition must have.

        Raises:
            Invalid: it is no document, or one of another kind.
        """
        if bundle.get("resourceType") != "Bundle" or bundle.get("type") != "document":
            text = 'a Bundle with the type "document" is expected'
            raise Invalid("this is no document", problems=[Problem(text, "Bundle.type", "value")])
        entries = bundle.get("entry", [])
        if not all("resource" in entry and ("fullUrl" in entry or "id" in entry["resource"]) for entry in entries):
            text = "every entry of a document has a resource and a fullUrl"
            raise Invalid("the document is incomplete", problems=[Problem(text, "Bundle.entry", "required")])
        self.resources = unbundle(bundle)
        self.identifier: Resource = bundle.get("identifier", {})
        first = self.resources[0] if self.resources else {}
        if first.get("resourceType") != "Composition":
            text = "the first entry of a document is its Composition"
            raise Invalid("this is no document", problems=[Problem(text, "Bundle.entry[0].resource", "required")])
        self.composition = first
        if code not in [one.get("code") for one in first.get("type", {}).get("coding", ())]:
            text = f"the type of this document must be LOINC {code}"
            raise Invalid("a document of another kind", problems=[Problem(text, "Composition.type", "code-invalid")])
        self._by_reference: Mapping[str, Resource] = {local_reference(one): one for one in self.resources}

    def of_type(self, name: str) -> list[Resource]:
        """Return the resources of one type, in their order."""
        return [one for one in self.resources if one["resourceType"] == name]

    def target(self, reference: Resource | None) -> Resource | None:
        """Return what a Reference leads to within the document; None = nothing."""
        return self._by_reference.get((reference or {}).get("reference", ""))

    def data_of(self, attachment: Resource) -> tuple[bytes | None, Resource | None]:
        """Return the bytes of an Attachment and the Binary that holds them; None = they are not in the document."""
        if "data" in attachment:
            return _decoded(attachment["data"]), None
        binary = self._by_reference.get(attachment.get("url", ""))
        if binary is None or binary["resourceType"] != "Binary":
            return None, None
        return _decoded(binary.get("data", "")), binary


def disagreements(attachment: Resource, data: bytes, where: str) -> Iterator[Problem]:
    """Yield what an Attachment says of its content (sha256, SHA-1, size) that the bytes do not bear out."""
    sha256 = sha256_of(attachment)
    if sha256 is not None and sha256 != hashlib.sha256(data).hexdigest():
        yield Problem("the bytes are not those that were announced (sha256 differs)", where, "value")
    if "hash" in attachment and sha1_of(attachment) != sha1(data):
        yield Problem("the bytes do not fit the hash (SHA-1, base64)", f"{where}.hash", "value")
    if "size" in attachment and attachment["size"] != len(data):
        yield Problem("the number of bytes is not the size stated", f"{where}.size", "value")


def sha1(data: bytes) -> str:
    """Return the SHA-1 in lower-case hex; R4 prescribes it for Attachment.hash, nothing here trusts it alone."""
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()


def _decoded(text: Any) -> bytes | None:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (AttributeError, ValueError, binascii.Error):
        return None
