"""Settings of a node: one TOML file, scalars also from the environment; wrong or unknown ones stop the start.

`SECOND_OPINION_SECTION__KEY` overrides `[section] key`; tables that repeat (`organisation`, `partner`, `client`,
`mllp`) are given as JSON. Relative paths are relative to the file. Nothing else in the adapter reads the environment.
"""

import os
import tomllib
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from adapter.base.clock import FIRST_YEAR, LAST_YEAR
from adapter.base.errors import Problem, SetupError

PREFIX = "SECOND_OPINION_"
CLIENT_TOKEN = "SECOND_OPINION_TOKEN"  # noqa: S105 - the name of a variable, not a secret
CLIENT_NODE = "SECOND_OPINION_NODE"
Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]


def _web_address(text: str) -> str:
    """Refuse what nobody could ever be reached at, so that it is noticed at the start and not at the first case."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or not text.isascii() or set(text) & set(" \t\r\n"):
        raise ValueError("not an http or https address, such as https://b.example/fhir")
    if parts.query or parts.fragment or parts.username is not None:
        raise ValueError("a base address has no query, no fragment and no user; a token goes to a token_env")
    _ = parts.port  # raises ValueError where it is no number
    return text


WebAddress = Annotated[str, AfterValidator(_web_address)]


def _application_and_facility(text: str) -> str:
    if text.count("|") != 1 or text == "|":
        raise ValueError(
            "an application and its facility with a bar between them, such as EPD|ZKH; an empty one is any"
        )
    return text


V2Name = Annotated[str, AfterValidator(_application_and_facility)]
"""An application and its facility as MSH-3 and MSH-4 have them, "EPD|ZKH"; an empty one stands for any."""


def is_loopback(host: str) -> bool:
    """Say whether only this machine can reach what listens at `host`."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Identifier(_Part):
    """An identifier of an organisation: naming system (URI) and value."""

    system: str
    value: str


class Server(_Part):
    """Where the node listens and what it accepts."""

    host: str = "127.0.0.1"
    port: int = Field(default=8100, ge=0, le=65535)
    metrics_port: int | None = Field(default=None, ge=0, le=65535)
    public_url: WebAddress | None = None
    clock: datetime | None = None
    max_body_bytes: int = Field(default=64 * 1024 * 1024, ge=1024)
    max_record_bytes: int = Field(default=2 * 1024 * 1024 * 1024, ge=1024)
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the node."""
        return is_loopback(self.host)


class Store(_Part):
    """Where the truth lies: a database URL and a folder for original bytes."""

    url: str = "sqlite:///var/node.db"
    blobs: str = "var/blobs"


class Worker(_Part):
    """How durable work is run; `id` must stay the same for one worker and differ between workers of one store."""

    id: Id = "node"
    concurrency: int = Field(default=4, ge=1, le=64)
    poll_seconds: float = Field(default=1.0, gt=0, le=60)


class Organisation(_Part):
    """An organisation whose node this is."""

    id: Id
    name: str
    role: Literal["treating", "consulting", "insurer"]
    country: Literal["DE", "NL"]
    time_zone: str
    identifiers: tuple[Identifier, ...] = Field(min_length=1)
    language: Literal["en", "de", "nl"] | None = None
    id_key_env: str | None = None
    fhir_server: WebAddress | None = None
    fhir_server_token_env: str | None = None
    hospital: Id | None = None

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as unknown:
            raise ValueError("not a time zone of the IANA list, such as Europe/Amsterdam") from unknown
        return name


class Partner(_Part):
    """Another node that one of our organisations exchanges with; `of` names ours."""

    id: Id
    role: Literal["treating", "consulting", "insurer"]
    of: Id
    fhir: WebAddress
    token_env: str | None = None
    accept_token_env: str | None = None
    identifiers: tuple[Identifier, ...] = Field(min_length=1)
    country: Literal["DE", "NL"] | None = None
    records: Literal["after-acceptance", "with-request"] = "after-acceptance"
    timeout_seconds: float = Field(default=30.0, gt=0, le=600)


class Client(_Part):
    """A system of our own organisation `of` that may call the node: its EHR, an engine, an operator."""

    id: Id
    of: Id
    token_env: str
    scopes: tuple[Literal["intake", "read", "cases"], ...] = ("intake", "read", "cases")


class Reply(_Part):
    """Where a system takes what it does not get on its own connection: late acknowledgements, states and reports."""

    host: str = Field(min_length=1)
    port: int = Field(ge=1, le=65535)
    tls: bool = False
    ca: str | None = None
    certificate: str | None = None
    key: str | None = None
    acknowledged: bool = True
    status: Literal["RRI^I12", "none"] | None = None
    report: Literal["ORU^R01", "MDM^T02", "RRI^I12", "none"] | None = None
    timeout_seconds: float = Field(default=30.0, gt=0, le=600)

    @model_validator(mode="after")
    def _hang_together(self) -> "Reply":
        if not self.tls and (self.ca or self.certificate or self.key):
            raise ValueError("ca, certificate and key are for tls = true")
        if self.key and not self.certificate:
            raise ValueError("a key goes with its certificate")
        return self


class Mllp(_Part):
    """A listener for HL7 v2 of an organisation `of`; what speaks there is a system of its own, called `id`."""

    id: Id
    of: Id
    host: str = "127.0.0.1"
    port: int = Field(default=2575, ge=0, le=65535)
    certificate: str | None = None
    key: str | None = None
    client_ca: str | None = None
    trusted_network: bool = False
    mode: Literal["auto", "original", "enhanced"] = "auto"
    senders: tuple[V2Name, ...] = ()
    receivers: tuple[V2Name, ...] = ()
    processing_ids: tuple[Literal["P", "T", "D"], ...] = Field(default=("P", "T", "D"), min_length=1)
    max_message_bytes: int = Field(default=64 * 1024 * 1024, ge=1024)
    max_connections: int = Field(default=256, ge=1, le=10_000)
    idle_seconds: float = Field(default=3600.0, gt=0)
    message_seconds: float = Field(default=120.0, gt=0)
    reply: Reply | None = None

    @model_validator(mode="after")
    def _hang_together(self) -> "Mllp":
        if (self.certificate is None) != (self.key is None):
            raise ValueError("certificate and key go together")
        if self.client_ca is not None and self.certificate is None:
            raise ValueError("client_ca needs certificate and key: only TLS shows a caller's certificate")
        if not (is_loopback(self.host) or self.client_ca is not None or self.trusted_network):
            raise ValueError(
                "MLLP knows no tokens, so another host than loopback needs client_ca (with certificate and key), "
                "or trusted_network = true where the network itself keeps others out"
            )
        return self


class Settings(BaseSettings):
    """All settings of one node."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        nested_model_default_partial_update=True,
    )

    server: Server = Server()
    store: Store = Store()
    worker: Worker = Worker()
    organisation: tuple[Organisation, ...] = Field(default=(), validate_default=False)
    partner: tuple[Partner, ...] = ()
    client: tuple[Client, ...] = ()
    mllp: tuple[Mllp, ...] = ()
    packs: str | None = None
    hospitals: str | None = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the signature is the library's
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over the file (which is handed in as arguments)."""
        return env_settings, init_settings

    @model_validator(mode="after")
    def _hang_together(self) -> "Settings":
        ours = [one.id for one in self.organisation]
        if len(set(ours)) != len(ours):
            raise ValueError("organisation: two have the same id")
        for kind, entries in (("partner", self.partner), ("client", self.client), ("mllp", self.mllp)):
            keys = [(one.of, one.id) for one in entries]
            if len(set(keys)) != len(keys):
                raise ValueError(f"{kind}: two of one organisation have the same id")
            for one in entries:
                if one.of not in ours:
                    raise ValueError(f"{kind} {one.id!r}: of = {one.of!r} names no organisation of this node")
        if self.server.clock is not None:
            if self.server.clock.tzinfo is None:
                raise ValueError("server.clock: needs an offset, such as 2026-04-10T09:30:00+02:00")
            if not FIRST_YEAR <= self.server.clock.year <= LAST_YEAR:
                raise ValueError(f"server.clock: needs a year from {FIRST_YEAR} to {LAST_YEAR}")
            if not self.server.loopback:
                raise ValueError("server.clock: only for development; it needs server.host on loopback")
        return self


def secret(name: str | None) -> str | None:
    """Return the value of the environment variable `name`; None where no name is given or it is not set.

    Raises:
        SetupError: it cannot stand in an HTTP header; the value itself is not told.
    """
    value = (os.environ.get(name) or None) if name else None
    if value is not None and not (value.isascii() and value.isprintable() and " " not in value):
        raise SetupError("a token has visible ASCII characters only; look for a space or a line break", where=name)
    return value


def load_settings(file: Path | None) -> Settings:
    """Read the settings of a node.

    Args:
        file: the TOML file; None for the built-in development node under ./var.

    Raises:
        SetupError: the file is missing or not TOML, or a setting is wrong or unknown; every key is named.
    """
    _refuse_unknown_variables()
    if file is None:
        document: dict[str, Any] = {"organisation": [_DEVELOPMENT]}
        home = Path.cwd()
    else:
        try:
            document = tomllib.loads(file.read_text(encoding="utf-8"))
        except OSError as missing:
            raise SetupError(f"cannot read the settings file: {missing.strerror}", where=str(file)) from missing
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
            raise SetupError(f"the settings file is not TOML: {broken}", where=str(file)) from broken
        home = file.resolve().parent
    if unknown := [Problem("unknown setting", key) for key in document if key not in Settings.model_fields]:
        raise SetupError("the settings are wrong", problems=unknown)
    try:
        settings = Settings(**document)
    except ValidationError as wrong:
        raise SetupError("the settings are wrong", problems=_problems(wrong)) from wrong
    except ValueError as wrong:  # an array in the environment that is not JSON
        raise SetupError(f"a setting in the environment cannot be read: {wrong}") from wrong
    if not settings.organisation:
        raise SetupError("a node needs at least one [[organisation]]", where="organisation")
    return _with_absolute_paths(settings, home)


_DEVELOPMENT = {
    "id": "development",
    "name": "Development node (TEST)",
    "role": "treating",
    "country": "NL",
    "time_zone": "Europe/Amsterdam",
    "identifiers": [{"system": "http://fhir.nl/fhir/NamingSystem/ura", "value": "00009001"}],
}


def _with_absolute_paths(settings: Settings, home: Path) -> Settings:
    url = settings.store.url
    marker = "sqlite:///"
    if url.startswith(marker) and not url.startswith(marker + "/"):
        url = marker + str((home / url.removeprefix(marker)).resolve())
    blobs = str((home / settings.store.blobs).resolve())
    packs = str((home / settings.packs).resolve()) if settings.packs else None
    hospitals = str((home / settings.hospitals).resolve()) if settings.hospitals else None
    mllp = tuple(_with_files(one, home) for one in settings.mllp)
    changed = {"store": Store(url=url, blobs=blobs), "packs": packs, "hospitals": hospitals, "mllp": mllp}
    return settings.model_copy(update=changed)


def _with_files(door: Mllp, home: Path) -> Mllp:
    def absolute(part: BaseModel, *names: str) -> dict[str, Any]:
        named = {name: getattr(part, name) for name in names}
        return {name: str((home / file).resolve()) for name, file in named.items() if file}

    reply = door.reply and door.reply.model_copy(update=absolute(door.reply, "ca", "certificate", "key"))
    return door.model_copy(update={**absolute(door, "certificate", "key", "client_ca"), "reply": reply})


def _problems(wrong: ValidationError) -> list[Problem]:
    found = []
    for error in wrong.errors(include_url=False, include_context=False, include_input=False):
        key = ".".join(str(part) for part in error["loc"])
        text = _IN_PLAIN_WORDS.get(error["type"], error["msg"].removeprefix("Value error, "))
        found.append(Problem(text, key or None))
    return found


_IN_PLAIN_WORDS = {
    "extra_forbidden": "unknown setting",
    "string_pattern_mismatch": "use lower-case letters, digits and hyphens, 63 at most, no hyphen at the beginning",
    "too_short": "give at least 1",
    "string_too_short": "give a value",
}


def _refuse_unknown_variables() -> None:
    known = {name.upper() for name in Settings.model_fields}
    ours = [name for name in os.environ if name.startswith(PREFIX) and name not in (CLIENT_TOKEN, CLIENT_NODE)]
    unknown = sorted(name for name in ours if name.removeprefix(PREFIX).split("__")[0].upper() not in known)
    if unknown:
        problems = [Problem("unknown setting in the environment", name) for name in unknown]
        raise SetupError("the settings are wrong", problems=problems)
