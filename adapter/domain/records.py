"""The records that may go along with a request: what is said of each, and where its bytes are."""

from dataclasses import dataclass

from adapter.domain.values import Coding, PartialDate


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """One record as the request names it.

    Attributes:
        id: unique within the request.
        content_type: the media type.
        date: when the record itself was made.
        language: BCP 47 tag; None = not stated.
        confidentiality: "N" normal, "R" restricted, "V" very restricted (v3 Confidentiality).
        sensitivity: v3 ActCode sensitivity codes such as "PSY".
        path: a file on this machine (offline verbs and `send` only).
        url: an address at a configured host.
        data: the bytes in base64.
        sha256: of the bytes, in lower-case hex; with nothing else: of a record that was uploaded before.
    """

    id: str
    type: Coding | None = None
    title: str | None = None
    content_type: str | None = None
    date: PartialDate | None = None
    language: str | None = None
    author: str | None = None
    confidentiality: str | None = None
    sensitivity: tuple[str, ...] = ()
    path: str | None = None
    url: str | None = None
    data: str | None = None
    sha256: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordContent:
    """What is known of a record's bytes once they have been seen; the bytes themselves stay in the blob store.

    Attributes:
        sha256: in lower-case hex.
        sha1: in lower-case hex; FHIR R4 Attachment.hash is SHA-1 by definition
            (https://hl7.org/fhir/R4/datatypes-definitions.html#Attachment.hash).
        size_bytes: the length.
    """

    sha256: str
    sha1: str
    size_bytes: int
