"""A hospital's `profile.toml`: by what it is known, what it sends and takes, and what it does its own way."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from adapter.intake.hospitals.toml_file import Part
from adapter.mapping.tables.selector import Selector, parse_selector

ROLES: Final = ("treating", "consulting")
COUNTRIES: Final = ("BE", "DE", "NL")
STATUS: Final = ("RRI^I12", "fhir-message")
REQUEST: Final = ("REF^I12", "fhir-message")
REPORT: Final = ("MDM^T02", "ORU^R01", "RRI^I12", "fhir-message", "fhir-document")
TALKS: Final = ("in-person", "phone", "video")
RECORDS_ROUTES: Final = ("provider", "gp", "archive", "patient")
INITIATORS: Final = ("specialist", "gp", "patient")
REFERRERS: Final = ("first-provider", "gp", "other-physician", "none")
ENDINGS: Final = ("return", "transfer", "report-only")
REASONS: Final = ("doubt-diagnosis", "no-diagnosis", "decision", "weigh-options", "useful-or-necessary")
PHASES: Final = ("before-treatment", "after-diagnosis", "during-treatment")
VERSIONS: Final = ("2.3", "2.3.1", "2.4", "2.5", "2.5.1", "2.6", "2.7", "2.7.1", "2.8", "2.8.1", "2.8.2")
CHARSETS: Final = ("ASCII", "8859/1", "8859/15", "UNICODE UTF-8")
DELIMITERS: Final = "|^~\\&"

_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
_IDENTIFIER: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s|]+(\|[^\s|]+( [^\s|]+)*)?")
_KEYS: Final = ("name", "title", "roles", "country", "time_zone", "language", "recognise", "in", "out", "hl7v2", "way")


@dataclass(frozen=True, kw_only=True, slots=True)
class Recognised:
    """By what a hospital is known; each entry is exact, apart from the case of letters in names.

    Attributes:
        names: of the organisation.
        identifiers: "system|value", or a URI that stands for the organisation itself (the OID of MSH-4.2).
        hl7v2: "application|facility" as MSH-3 and MSH-4 have them; an empty half is any.
        stated: all of them as the file says them, for people.
    """

    names: frozenset[str] = frozenset()
    identifiers: frozenset[str] = frozenset()
    hl7v2: frozenset[tuple[str, str]] = frozenset()
    stated: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Dialect:
    """How HL7 v2 is written to it.

    Attributes:
        version: MSH-12.
        charset: MSH-18 (table 0211).
        delimiters: MSH-1 and MSH-2.
        application: MSH-5; "" = not said.
        facility: MSH-6; "" = not said.
    """

    version: str = "2.5.1"
    charset: str = "UNICODE UTF-8"
    delimiters: str = DELIMITERS
    application: str = ""
    facility: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """What a hospital asks for and allows; an empty tuple = its page says nothing about it.

    Attributes:
        reasons: why people ask for a second opinion there.
        phases: when they may.
        initiated_by: whose idea it may be.
        referred_by: whose referral it takes.
        records_routes: who hands over the records: the other provider, the GP, the medical archive, the patient.
        foreign_languages: in which a file from abroad must be; a domestic one may be in any.
        talks: how the second doctor and the patient meet.
        endings: what may follow.
        contacts: how it is reached: by which kinds of contact; their numbers are the organisation's own data.
    """

    reasons: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    initiated_by: tuple[str, ...] = ()
    referred_by: tuple[str, ...] = ()
    records_routes: tuple[str, ...] = ()
    foreign_languages: tuple[str, ...] = ()
    talks: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()

    def said(self) -> list[tuple[str, tuple[str, ...]]]:
        """Return what is said, each with what people call it."""
        every = ((one.name.replace("_", " "), getattr(self, one.name)) for one in fields(self))
        return [(name, words) for name, words in every if words]


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """What `profile.toml` says.

    Attributes:
        name: of the folder; what settings and `--hospital` call it.
        title: what people call it.
        roles: in which it takes part.
        country: ISO 3166-1.
        zone: for moments without an offset.
        language: of its people.
        recognised: by what its messages are known.
        formats: which formats it sends, each with what tells a message for us there beside what the format asks.
        status: what it is told of a case's state in; None = nothing is written to it.
        request: what a request goes to it in; None likewise.
        report: what a report goes to it in; None likewise.
        dialect: of HL7 v2.
        way: what it asks for and allows.
    """

    name: str
    title: str
    roles: tuple[str, ...]
    country: str
    zone: ZoneInfo
    language: str
    recognised: Recognised
    formats: Mapping[str, tuple[Selector, ...]] = field(default_factory=dict)
    status: str | None = None
    request: str | None = None
    report: str | None = None
    dialect: Dialect = Dialect()
    way: Way = Way()

    def written(self) -> dict[str, str]:
        """Return what is written to it, and in which form."""
        forms = {"status": self.status, "requests": self.request, "reports": self.report}
        return {what: form for what, form in forms.items() if form is not None}


def read_profile(part: Part, folder: str) -> Profile:
    """Take a profile out of its file; what is wrong is added to the part's problems.

    Args:
        part: the file.
        folder: the name of its folder, which is the hospital's name.
    """
    part.only(_KEYS)
    name = part.text("name")
    if name and name != folder:
        part.wrong(f"name is the name of the folder, {folder}", "name")
    out = part.part("out")
    out.only(("status", "request", "report"))
    return Profile(
        name=folder,
        title=part.text("title"),
        roles=part.texts("roles", ROLES, required=True),
        country=part.one_of("country", COUNTRIES),
        zone=_zone(part),
        language=part.one_of("language", ("en", "de", "nl")),
        recognised=_recognised(part.part("recognise")),
        formats={key: _also(part.part("in").part(key)) for key in part.part("in").said},
        status=out.one_of("status", STATUS, required=False) or None,
        request=out.one_of("request", REQUEST, required=False) or None,
        report=out.one_of("report", REPORT, required=False) or None,
        dialect=_dialect(part.part("hl7v2")),
        way=_way(part.part("way")),
    )


def _zone(part: Part) -> ZoneInfo:
    name = part.text("time_zone")
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        part.wrong("time_zone is one of the IANA list, such as Europe/Amsterdam", "time_zone")
        return ZoneInfo("UTC")


def _recognised(part: Part) -> Recognised:
    part.only(("names", "identifiers", "hl7v2"))
    names, identifiers, pairs = part.texts("names"), part.texts("identifiers"), part.texts("hl7v2")
    if not (names or identifiers or pairs):
        part.wrong("recognise has names, identifiers or hl7v2: by something the hospital's messages must be known")
    if any(_IDENTIFIER.fullmatch(one) is None for one in identifiers):
        part.wrong('recognise.identifiers are "system|value", or a URI such as urn:oid:1.2.3', "identifiers")
    if any(one.count("|") != 1 or one == "|" for one in pairs):
        part.wrong('recognise.hl7v2 are "application|facility", such as EPD|ZKH; an empty half is any', "hl7v2")
    halves = (one.partition("|") for one in pairs)
    return Recognised(
        names=frozenset(folded(one) for one in names),
        identifiers=frozenset(identifiers),
        hl7v2=frozenset((application, facility) for application, _, facility in halves),
        stated=(*names, *identifiers, *pairs),
    )


def folded(name: str) -> str:
    """Return a name as names are compared: without the case of letters and doubled white space."""
    return " ".join(name.split()).casefold()


def _also(part: Part) -> tuple[Selector, ...]:
    part.only(("also",))
    found = []
    for text in part.texts("also"):
        try:
            found.append(parse_selector(text))
        except ValueError as error:
            part.wrong(f"{text}: {error}", "also")
    return tuple(found)


def _dialect(part: Part) -> Dialect:
    part.only(("version", "charset", "delimiters", "application", "facility"))
    delimiters = part.text("delimiters", required=False) or DELIMITERS
    if len(set(delimiters)) != len(DELIMITERS) or not all(one.isascii() and not one.isalnum() for one in delimiters):
        part.wrong("hl7v2.delimiters are five different signs, such as |^~\\&", "delimiters")
    return Dialect(
        version=part.one_of("version", VERSIONS, required=False) or Dialect().version,
        charset=part.one_of("charset", CHARSETS, required=False) or Dialect().charset,
        delimiters=delimiters,
        application=part.text("application", required=False),
        facility=part.text("facility", required=False),
    )


def _way(part: Part) -> Way:
    known: Mapping[str, tuple[str, ...] | None] = {
        "reasons": REASONS,
        "phases": PHASES,
        "initiated_by": INITIATORS,
        "referred_by": REFERRERS,
        "records_routes": RECORDS_ROUTES,
        "foreign_languages": None,
        "talks": TALKS,
        "endings": ENDINGS,
        "contacts": None,
    }
    part.only(known)
    way = Way(**{key: part.texts(key, words) for key, words in known.items()})
    if any(_LANGUAGE.fullmatch(one) is None for one in way.foreign_languages):
        part.wrong("way.foreign_languages are languages such as nl", "foreign_languages")
    return way
