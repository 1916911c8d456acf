"""What a node is to the work that runs in it: its organisations, partners, store, clock and packs, handed in once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol
from zoneinfo import ZoneInfo

from adapter.base.clock import Clock
from adapter.base.errors import NotFound
from adapter.base.ids import DEFAULT_KEY
from adapter.domain.case import Role
from adapter.domain.clearance import Cleared
from adapter.domain.consent import Recipient
from adapter.domain.parties import Organization
from adapter.domain.values import Identifier
from adapter.exchange.mllp.sender import Line
from adapter.fhir.resource import Resource
from adapter.intake.formats import Formats
from adapter.mapping.tables.library import Library
from adapter.mapping.to_v2.acknowledged import Acknowledged
from adapter.rules.pack import Packs
from adapter.store.store import Store
from adapter.workflow.hl7v2.door import Door


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnOrganisation:
    """An organisation whose node this is.

    Attributes:
        id: the name in URLs and keys.
        zone: where its days end.
        language: in which its people are addressed ("en", "de", "nl").
        id_key: the key of its opaque ids.
        base_url: its FHIR base as partners reach it.
        fhir_server: base of a plain FHIR server that gets a copy of every case; None = none.
        fhir_server_token: for that server; None = none.
        hospital: whose rows and codes are heard in its messages; None = the sender of each tells.
    """

    id: str
    name: str
    role: Role
    country: str
    zone: ZoneInfo
    identifiers: tuple[Identifier, ...]
    language: str
    base_url: str
    id_key: bytes = DEFAULT_KEY
    fhir_server: str | None = None
    fhir_server_token: str | None = None
    hospital: str | None = None

    @property
    def tokens(self) -> frozenset[str]:
        """Its identifiers as "system|value"."""
        return _tokens(self.identifiers)

    @property
    def recipient(self) -> Recipient:
        """The organisation as the consent gate knows it."""
        return Recipient(identifiers=self.tokens, name=self.name)

    @property
    def party(self) -> Organization:
        """The organisation as a party of a request."""
        return Organization(name=self.name, identifiers=self.identifiers, country=self.country)


@dataclass(frozen=True, kw_only=True, slots=True)
class Partner:
    """A node on the other side; one of our organisations exchanges with it.

    Attributes:
        of: which organisation of ours.
        fhir: its FHIR base URL.
        token: sent to it; None = none.
        country: None = not configured; the request's own statement counts then.
        records_with_request: True = the records go right after the request, False = after acceptance.
        timeout_seconds: how long one exchange may take.
    """

    id: str
    role: Role
    of: str
    fhir: str
    identifiers: tuple[Identifier, ...]
    token: str | None = None
    country: str | None = None
    records_with_request: bool = False
    timeout_seconds: float = 30.0

    @property
    def tokens(self) -> frozenset[str]:
        """Its identifiers as "system|value"."""
        return _tokens(self.identifiers)

    @property
    def party(self) -> Organization:
        """The partner as a party of a message."""
        return Organization(name=self.id, identifiers=self.identifiers, country=self.country)

    @property
    def recipient(self) -> Recipient:
        """The partner as the consent gate knows it."""
        return Recipient(identifiers=self.tokens, name=None)


class Peers(Protocol):
    """What the work needs of the outside world."""

    def send(self, message: Cleared[Resource], partner: Partner) -> Resource:
        """Send a cleared message Bundle and return the partner's answering message Bundle."""

    def write(self, transaction: Resource, *, base_url: str, token: str | None) -> None:
        """Write a case to a plain FHIR server."""


class Lines(Protocol):
    """What the work needs of systems that speak HL7 v2 over MLLP."""

    def send(self, message: bytes, line: Line, *, answered: bool = True) -> Acknowledged | None:
        """Send a message and return its acknowledgement; None where none is asked for."""


@dataclass(frozen=True, kw_only=True)
class Node:
    """Everything that a step of the story may use; made once by `adapter.app`.

    Attributes:
        formats: the tables of the formats that are read beside the canonical one.
        max_message_bytes: the longest message that this node takes, and expects its partners to take.
        wake: says that there is new work.
        doors: where HL7 v2 comes in, by organisation and the door's id.
        lines: out to systems that speak HL7 v2; None = there are none.
    """

    organisations: Mapping[str, OwnOrganisation]
    partners: tuple[Partner, ...]
    store: Store
    clock: Clock
    packs: Packs
    peers: Peers
    formats: Formats = field(default_factory=lambda: Formats({}, Library()))
    max_message_bytes: int = 64 * 1024 * 1024
    wake: Callable[[], None] = field(default=lambda: None)
    doors: Mapping[tuple[str, str], Door] = field(default_factory=dict)
    lines: Lines | None = None

    def organisation(self, org: str) -> OwnOrganisation:
        """Return our organisation `org`.

        Raises:
            NotFound: it is not ours.
        """
        found = self.organisations.get(org)
        if found is None:
            raise NotFound("there is nothing here under this address")
        return found

    def partner(self, org: str, partner: str | None) -> Partner | None:
        """Return the partner of `org` with this id; None where there is none."""
        return next((one for one in self.partners if one.of == org and one.id == partner), None)

    def partner_with(self, org: str, tokens: frozenset[str], role: Role) -> Partner | None:
        """Return the partner of `org` in `role` that has one of these identifiers; None where there is none."""
        matching = (one for one in self.partners if one.of == org and one.role is role and one.tokens & tokens)
        return next(matching, None)


def _tokens(identifiers: tuple[Identifier, ...]) -> frozenset[str]:
    return frozenset(f"{one.system}|{one.value}" for one in identifiers)
