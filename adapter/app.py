"""The composition root: from settings to a running node; the only place that knows every concrete part."""

import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from adapter import settings as configuration
from adapter.api.gatekeeper import CLIENT_SCOPES, PARTNER_SCOPES, Gatekeeper, fingerprint
from adapter.api.scope import Service
from adapter.base.clock import Clock, DevelopmentClock, SystemClock
from adapter.base.data import shipped
from adapter.base.errors import SetupError
from adapter.base.ids import DEFAULT_KEY
from adapter.base.logs import logger
from adapter.domain.case import Role
from adapter.domain.values import Identifier
from adapter.exchange.mllp.conversation import Limits
from adapter.exchange.mllp.listener import Listener
from adapter.exchange.mllp.sender import Line, MllpSender
from adapter.exchange.mllp.tls import client_context, server_context
from adapter.exchange.peers import HttpPeers
from adapter.fhir.profiles import compile_profiles
from adapter.intake.formats import Formats, load_formats
from adapter.rules.pack import load_packs
from adapter.settings import Settings, secret
from adapter.store.backlog import Backlog
from adapter.store.store import Store
from adapter.workflow.caller import Caller, CallerKind
from adapter.workflow.engine import Engine
from adapter.workflow.hl7v2.door import Door
from adapter.workflow.hl7v2.reception import Reception
from adapter.workflow.node import Node, OwnOrganisation, Partner
from adapter.workflow.perform import perform


@dataclass(frozen=True, slots=True)
class MessageDoor:
    """Where HL7 v2 comes in: the listener, and who stands behind it."""

    listener: Listener
    reception: Reception

    @property
    def name(self) -> str:
        """The system that speaks there."""
        return self.listener.name

    @property
    def told(self) -> dict[str, str | int]:
        """What the ready file says of it."""
        host, port = self.listener.address
        return {"id": self.name, "host": host, "port": port}

    @property
    def tally(self) -> Mapping[str, int]:
        """What came of the messages."""
        return self.reception.tally

    @property
    def connections(self) -> int:
        """How many connections are open."""
        return self.listener.connections


@dataclass(frozen=True, kw_only=True)
class Running:
    """A node with its worker and where HL7 v2 comes in; `start` and `stop` are for both."""

    node: Node
    engine: Engine
    service: Service
    lines: MllpSender
    doors: tuple[MessageDoor, ...]

    def start(self) -> None:
        """Start working, and let HL7 v2 in."""
        compile_profiles()  # else the first message waits for it
        self.engine.start()
        for one in self.doors:
            one.listener.start()

    def stop(self) -> None:
        """Stop working; what is begun goes on at the next start."""
        for one in self.doors:
            one.listener.stop()
        self.engine.stop()
        self.close()

    def close(self) -> None:
        """Let go of ports, connections and the store, without having started perhaps."""
        for one in self.doors:
            one.listener.stop()
        self.lines.close()
        self.node.store.close()


def assemble(settings: Settings, *, public_url: str, listening: bool = False) -> Running:
    """Put a node together.

    Args:
        settings: as loaded.
        public_url: where the node can be reached, for the addresses that it tells others.
        listening: whether HL7 v2 comes in here too; False = this process only works.

    Raises:
        SetupError: a pack, the store or a setting is wrong.
    """
    clock: Clock = DevelopmentClock(settings.server.clock) if settings.server.clock else SystemClock()
    doors = {(one.of, one.id): _door(one) for one in settings.mllp}
    store = Store.open(settings.store.url, blobs=Path(settings.store.blobs))
    lines = MllpSender()
    node = Node(
        organisations={one.id: _organisation(one, settings, public_url) for one in settings.organisation},
        partners=tuple(_partner(one) for one in settings.partner),
        store=store,
        clock=clock,
        packs=load_packs(shipped("mappings") / "coverage", *([Path(settings.packs)] if settings.packs else [])),
        peers=HttpPeers(),
        formats=_formats(settings),
        max_message_bytes=settings.server.max_body_bytes,
        wake=lambda: engine.wake(),  # noqa: PLW0108 - the engine is made below
        doors=doors,
        lines=lines,
    )
    engine = Engine(
        url=settings.store.url,
        worker=settings.worker.id,
        source=Backlog(store, clock),
        perform=lambda work_id: perform(node, work_id),
        concurrency=settings.worker.concurrency,
        poll_seconds=settings.worker.poll_seconds,
    )
    service = Service(
        node=node,
        gatekeeper=gatekeeper(settings),
        max_body_bytes=settings.server.max_body_bytes,
        max_record_bytes=settings.server.max_record_bytes,
        development_clock=clock if isinstance(clock, DevelopmentClock) else None,
    )
    message_doors = _message_doors(settings, node) if listening else ()
    return Running(node=node, engine=engine, service=service, lines=lines, doors=message_doors)


def _formats(settings: Settings) -> Formats:
    """Load the tables and the hospitals, and say where a private folder stands in the place of a shipped one."""
    formats = load_formats(shipped("mappings"), Path(settings.hospitals) if settings.hospitals else None)
    for name in formats.hospitals.replaced:
        logger().info("hospital", where=f"{settings.hospitals}/{name}", reason="in place of the shipped folder")
    for one in settings.organisation:
        if one.hospital is not None and one.hospital not in formats.hospitals.by_name:
            known = ", ".join(sorted(formats.hospitals.by_name)) or "none"
            raise SetupError(f"there is no hospital of this name; there are: {known}", where="organisation.hospital")
    return formats


def gatekeeper(settings: Settings) -> Gatekeeper:
    """Return who may call, by the tokens in the environment.

    Raises:
        SetupError: the node can be reached from elsewhere and somebody could call it without a token.
    """
    callers: dict[str, dict[str, Caller]] = {}
    for caller, org, token, where in _callers(settings):
        if org in callers.setdefault(fingerprint(token), {}):
            raise SetupError("two callers of one organisation have the same token", where=where)
        callers[fingerprint(token)][org] = caller
    open_scopes: frozenset[str] = frozenset()
    if not settings.client:
        open_scopes |= CLIENT_SCOPES
    if not any(secret(one.accept_token_env) for one in settings.partner):
        open_scopes |= PARTNER_SCOPES
    if open_scopes and not settings.server.loopback:
        missing = "[[client]]" if not settings.client else "partner.accept_token_env"
        text = f"without tokens a node listens on loopback only; set server.host to 127.0.0.1 or configure {missing}"
        raise SetupError(text, where="server.host")
    return Gatekeeper(callers=callers, open_scopes=open_scopes)


def _callers(settings: Settings) -> Iterator[tuple[Caller, str, str, str]]:
    """Give everybody who has a token, with organisation, token and the setting that names it."""
    for partner in settings.partner:
        if token := secret(partner.accept_token_env):
            caller = Caller(kind=CallerKind.PARTNER, id=partner.id, org=partner.of, scopes=PARTNER_SCOPES)
            yield caller, partner.of, token, "partner.accept_token_env"
    for client in settings.client:
        where = "client.token_env"
        if (token := secret(client.token_env)) is None:
            raise SetupError(f"client {client.id!r}: the environment has no {client.token_env}", where=where)
        caller = Caller(kind=CallerKind.CLIENT, id=client.id, org=client.of, scopes=frozenset(client.scopes))
        yield caller, client.of, token, where


def listening_socket(settings: Settings) -> socket.socket:
    """Return a socket that listens where the settings say; port 0 picks a free one.

    Raises:
        SetupError: the address is taken or not of this machine.
    """
    return _listen(settings.server.host, settings.server.port, "server.port")


def _message_doors(settings: Settings, node: Node) -> tuple[MessageDoor, ...]:
    """Return a listener for each `[[mllp]]`; callers queue there until it is started."""
    made: list[MessageDoor] = []
    try:
        for one in settings.mllp:
            secured = None
            if one.certificate and one.key:
                ca = Path(one.client_ca) if one.client_ca else None
                secured = server_context(
                    certificate=Path(one.certificate), key=Path(one.key), client_ca=ca, where="mllp"
                )
            limits = Limits(
                max_message_bytes=one.max_message_bytes,
                max_connections=one.max_connections,
                idle_seconds=one.idle_seconds,
                message_seconds=one.message_seconds,
            )
            listening = _listen(one.host, one.port, "mllp.port")
            reception = Reception(node, node.doors[one.of, one.id])
            listener = Listener(one.id, listening, reception.receive, limits=limits, tls=secured)
            made.append(MessageDoor(listener, reception))
    except SetupError:
        for door in made:
            door.listener.stop()
        raise
    return tuple(made)


def _listen(host: str, port: int, where: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(2048)  # callers queue from now on, whoever accepts them
    except (OSError, UnicodeError) as taken:
        listening.close()
        why = getattr(taken, "strerror", None) or "this is no host name"
        raise SetupError(f"cannot listen there: {why}", where=where) from taken
    return listening


def _organisation(one: configuration.Organisation, settings: Settings, public_url: str) -> OwnOrganisation:
    only = len(settings.organisation) == 1
    key = _needed(one.id_key_env, "organisation.id_key_env")
    return OwnOrganisation(
        id=one.id,
        name=one.name,
        role=Role(one.role),
        country=one.country,
        zone=ZoneInfo(one.time_zone),
        identifiers=_identifiers(one.identifiers),
        language=one.language or {"DE": "de", "NL": "nl"}[one.country],
        base_url=f"{public_url}/fhir" if only else f"{public_url}/orgs/{one.id}/fhir",
        id_key=key.encode() if key else DEFAULT_KEY,
        fhir_server=one.fhir_server,
        fhir_server_token=_needed(one.fhir_server_token_env, "organisation.fhir_server_token_env"),
        hospital=one.hospital,
    )


def _needed(variable: str | None, where: str) -> str | None:
    """Return a secret that the settings name; None where they name none."""
    found = secret(variable)
    if variable is not None and found is None:
        raise SetupError(f"the environment has no {variable}", where=where)
    return found


def _partner(one: configuration.Partner) -> Partner:
    return Partner(
        id=one.id,
        role=Role(one.role),
        of=one.of,
        fhir=one.fhir,
        identifiers=_identifiers(one.identifiers),
        token=secret(one.token_env),
        country=one.country,
        records_with_request=one.records == "with-request",
        timeout_seconds=one.timeout_seconds,
    )


def _door(one: configuration.Mllp) -> Door:
    return Door(
        id=one.id,
        org=one.of,
        mode=one.mode,
        senders=_names(one.senders),
        receivers=_names(one.receivers),
        processing_ids=frozenset(one.processing_ids),
        max_message_bytes=one.max_message_bytes,
        reply=_line(one.reply) if one.reply else None,
        reply_acknowledged=one.reply.acknowledged if one.reply else True,
        reply_status=one.reply.status if one.reply else None,
        reply_report=one.reply.report if one.reply else None,
    )


def _line(one: configuration.Reply) -> Line:
    ca, certificate, key = (Path(file) if file else None for file in (one.ca, one.certificate, one.key))
    secured = client_context(ca=ca, certificate=certificate, key=key, where="mllp.reply") if one.tls else None
    return Line(one.host, one.port, secured, one.timeout_seconds)


def _names(stated: tuple[str, ...]) -> frozenset[tuple[str, str]]:
    parts = (one.partition("|") for one in stated)
    return frozenset((application, facility) for application, _, facility in parts)


def _identifiers(stated: tuple[configuration.Identifier, ...]) -> tuple[Identifier, ...]:
    return tuple(Identifier(system=one.system, value=one.value) for one in stated)
