"""Which URI an identifier's namespace stands for: the hospital's list, then the shipped one, then what it says itself.

Files are CSV `namespace,type,system,note`: a namespace as messages write it (HD.1, an OID, empty = any), the type of
the number (table 0203, empty = any), the URI, and where that comes from.
HD: HL7 v2.8 chapter 2A.33; OIDs and UUIDs as URIs: RFC 3061, RFC 4122.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final
from urllib.parse import quote, unquote

from adapter.fhir.systems import CANONICAL

_OID: Final = re.compile(r"[0-2](?:\.(?:0|[1-9][0-9]*))+")
_UUID: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_SHORT: Final = re.compile(r"[A-Za-z0-9_.:-]{1,40}")
_SEGMENT_LENGTH: Final = 200
_URI: Final = re.compile(r"(?:https?|urn):[^\s\x00-\x1f\x7f]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FoundSystem:
    """A naming system.

    Attributes:
        system: its URI.
        is_known: whether a list or the namespace itself names it; False = a URI of ours that stands for a namespace
            of this sender alone.
        advice: where it is not known: which row to add; never a value of the message but the namespace's own name.
    """

    system: str
    is_known: bool = True
    advice: str = ""


@dataclass(frozen=True, slots=True)
class IdentifierSystems:
    """The lists: `own` of the hospital, `shipped` with the adapter; keys are (namespace, type) in lower case."""

    own: Mapping[tuple[str, str], str] = field(default_factory=dict)
    shipped: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def find(self, *namespaces: str | None, type: str | None = None, sender: str) -> FoundSystem:  # noqa: A002 -- table 0203's word
        """Return the naming system of a number.

        Args:
            namespaces: what the message calls it, best first (HD.1, HD.2, an OID, a URI); None and "" say nothing.
            type: the type of the number (table 0203); None = not said.
            sender: qualifies what nobody knows.
        """
        said = [one.strip() for one in namespaces if one and one.strip()]
        kind = (type or "").strip().lower()
        for rows in (self.own, self.shipped):
            for key in (*((one.lower(), kind) for one in said), *((one.lower(), "") for one in said), ("", kind)):
                if key != ("", "") and (system := rows.get(key)) is not None:
                    return FoundSystem(system)
        for one in said:
            if (system := as_uri(one)) is not None:
                return FoundSystem(system)
        return _of_the_sender(said[0] if said else "", (type or "").strip(), sender)


def _of_the_sender(namespace: str, kind: str, sender: str) -> FoundSystem:
    name = namespace or kind.upper() or "unnamed"
    system = f"{CANONICAL}/sid/of/{_segment(sender)}/{_segment(name)}"
    shown = ",".join(
        one if not one or _SHORT.fullmatch(one) else "<as the message writes it>" for one in (namespace, kind)
    )
    return FoundSystem(
        system, False, f"add the row `{shown},<URI>,<source>` to identifiers.csv of the hospital's folder"
    )


def namespace_of(system: str, sender: str) -> str | None:
    """Return the namespace for which a URI of ours stands, if it is one of this sender's; None = it is none."""
    head, _, name = system.rpartition("/")
    is_ours = head == f"{CANONICAL}/sid/of/{_segment(sender)}"
    namespace = unquote(name)
    return namespace if is_ours and namespace != "unnamed" and _segment(namespace) == name else None


def _segment(text: str) -> str:
    """Return a text as one segment of a URI; a long one by its hash."""
    quoted = quote(text, safe="")
    return quoted if len(quoted) <= _SEGMENT_LENGTH else sha256(text.encode()).hexdigest()


def as_uri(namespace: str) -> str | None:
    """Return an OID, UUID or URI as the URI of a system; None = it is none of these."""
    if _OID.fullmatch(namespace):
        return f"urn:oid:{namespace}"
    if _UUID.fullmatch(namespace.lower()):
        return f"urn:uuid:{namespace.lower()}"
    return namespace if _URI.fullmatch(namespace) else None
