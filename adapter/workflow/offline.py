"""A request file judged and expressed on this machine alone: what `map` shows and `send --fhir-server` writes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from adapter.base.data import shipped
from adapter.base.errors import InputError, Problem, UnknownFormat, Withheld
from adapter.domain.clearance import Refusal
from adapter.domain.parties import Organization
from adapter.domain.report import SecondOpinionReport
from adapter.domain.request import SecondOpinionRequest
from adapter.domain.standing_alone import RecordsAlone, WordAboutCase
from adapter.fhir.own_output import ensure_valid
from adapter.fhir.resource import Resource
from adapter.intake.formats import load_formats
from adapter.intake.record_content import ResolvedRecord, resolve_contents
from adapter.intake.taking import Taken, take
from adapter.mapping.to_fhir.bundles import message_bundle, transaction_bundle
from adapter.mapping.to_fhir.expressed import ExpressedRequest
from adapter.mapping.to_fhir.message_header import Endpoint
from adapter.mapping.to_fhir.records_alone import records_transaction
from adapter.mapping.to_fhir.request import express_request
from adapter.rules.release import Release, judge_release


@dataclass(frozen=True, kw_only=True, slots=True)
class OfflineRequest:
    """A request with the gate's word and its FHIR form.

    Attributes:
        taken: what was understood of the message.
        sources: the bytes of each record, or the file that has them, by sha256.
    """

    taken: Taken
    request: SecondOpinionRequest
    release: Release
    expressed: ExpressedRequest
    sources: Mapping[str, Path | bytes]

    @property
    def recipient_country(self) -> str | None:
        """Where the consulting side is; None = not stated."""
        organization = self.request.consulting.organization
        return organization.country if organization else None

    def transaction(self) -> Resource:
        """Return the transaction for a FHIR server, with the cleared records' bytes.

        Raises:
            Misbuilt: it is not valid.
        """
        return ensure_valid(transaction_bundle(self.expressed, read=self._read))

    def message(self) -> Resource:
        """Return the message to the consulting side; its addresses stand for the two organisations.

        Raises:
            Withheld: there is no consent to share, so there is no message.
            Misbuilt: it is not valid.
        """
        verdict = self.release.request
        if isinstance(verdict, Refusal):
            text = f"without the patient's consent to share there is no message: {verdict.text}"
            raise Withheld(text, problems=[Problem(text, verdict.where)])
        message = message_bundle(
            self.expressed,
            release=verdict,
            source=self._endpoint("treating", self.request.treating.organization),
            destination=self._endpoint("consulting", self.request.consulting.organization),
            recipient_country=self.recipient_country,
        )
        return ensure_valid(message)

    def _read(self, sha256: str) -> bytes:
        return _bytes(self.sources[sha256])

    def _endpoint(self, place: str, organization: Organization | None) -> Endpoint:
        url = f"urn:uuid:{self.expressed.ids.of('Endpoint', place)}"
        return Endpoint(url=url, name=organization.name if organization else None)


def express_offline(message: bytes | Taken, base: Path, at: datetime | None = None) -> OfflineRequest:
    """Read, judge and express a request of any format.

    Args:
        message: the request, or what was understood of it.
        base: the folder to which its paths are relative.
        at: the moment of the judgement, aware; None = when the request was sent.

    Raises:
        InputError: it cannot be read, is a report, or a record is missing or not the one that was hashed.
    """
    taken = take_offline(message) if isinstance(message, bytes) else message
    request = _request(taken)
    resolved = _resolved(taken, request, base)
    release = judge_release(request, at or request.sent.at)
    contents = {record: one.content for record, one in resolved.items()}
    return OfflineRequest(
        taken=taken,
        request=request,
        release=release,
        expressed=express_request(request, contents=contents, cleared=release.cleared),
        sources={one.content.sha256: one.source for one in resolved.values()},
    )


def express_records(taken: Taken, base: Path) -> Resource:
    """Return records that came without a request as a transaction for a FHIR server.

    Args:
        taken: what was understood; it states records alone.
        base: the folder to which their paths are relative.

    Raises:
        InputError: a record is missing, or not the one that was hashed.
        Misbuilt: the transaction is not valid.
    """
    alone = taken.stated
    if not isinstance(alone, RecordsAlone):
        raise TypeError("these are no records alone")
    resolved = _resolved(taken, alone, base)
    sources = {one.content.sha256: one.source for one in resolved.values()}
    bundle = records_transaction(
        alone,
        contents={record: one.content for record, one in resolved.items()},
        read=lambda sha256: _bytes(sources[sha256]),
        sender=taken.sender or "",
        language=alone.patient.language or "en",
    )
    return ensure_valid(bundle)


def take_offline(
    data: bytes, media_type: str | None = None, *, hospital: str | None = None, hospitals: Path | None = None
) -> Taken:
    """Return what a message of any format says, by the shipped tables.

    Args:
        data: the message.
        media_type: what its sender called it; None = not said.
        hospital: whose rows and codes are heard; None = the message's sender tells.
        hospitals: a folder of hospitals beside the shipped ones; None = there is none.

    Raises:
        InputError: it cannot be read, or is wrong.
        SetupError: no hospital has this name, or a folder is wrong.
    """
    return take(data, media_type, formats=lambda: load_formats(shipped("mappings"), hospitals), hospital=hospital)


def read_offline(data: bytes) -> SecondOpinionRequest:
    """Return a request of any format; raises as `express_offline` does."""
    return _request(take_offline(data))


def _request(taken: Taken) -> SecondOpinionRequest:
    if isinstance(taken.stated, SecondOpinionRequest):
        return taken.stated
    what = _NO_REQUEST[type(taken.stated)]
    raise UnknownFormat(f"this is no request: {what}", where=taken.place)


def _resolved(taken: Taken, stated: SecondOpinionRequest | RecordsAlone, base: Path) -> dict[str, ResolvedRecord]:
    try:
        # a partner's message announces records by their hash; their bytes come later, and never to this machine
        return resolve_contents(stated, base=base, uploaded=lambda _: None, announced=taken.mapped is not None)
    except InputError as refused:
        refused.problems = tuple(taken.told(refused.problems))
        raise


def _bytes(source: Path | bytes) -> bytes:
    return source if isinstance(source, bytes) else source.read_bytes()


_NO_REQUEST: Final[Mapping[type, str]] = {
    SecondOpinionReport: "it is the report of a second opinion, which goes to a node of the consulting side",
    RecordsAlone: "it has records and asks for nothing",
    WordAboutCase: "it speaks of a case that a node has; send it to that node",
}
