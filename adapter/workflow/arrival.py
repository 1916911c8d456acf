"""A message at the front door: its bytes as they came, and what was understood of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from adapter.base.errors import Problem
from adapter.domain.case import Case
from adapter.domain.records import RecordContent
from adapter.intake.account import Account, account_from
from adapter.intake.taking import Taken, canonical_bytes
from adapter.store.unit import Unit
from adapter.workflow.once import OWN_SYSTEMS, digest


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """One message of our own systems."""

    body: bytes
    media_type: str
    taken: Taken

    @property
    def sender(self) -> str:
        """Whose message ids count: the sending system's where its protocol has its own, else the house's."""
        return self.taken.sender or OWN_SYSTEMS

    def keep(self, unit: Unit, org: str, at: datetime, contents: Mapping[str, RecordContent]) -> dict[str, str]:
        """Keep what the later steps need and return it for the case's detail.

        Args:
            unit: the transaction.
            org: whose it is.
            at: now.
            contents: of the records, whose bytes are in the blob store, by record id.

        Returns:
            `request`, the sha256 of the canonical document (the body itself is kept anyway), and for a message of
            another format `account` and `source`, the sha256 of its account and of its bytes, and `format`.
        """
        if self.taken.mapped is None or self.taken.account is None:
            return {"request": digest(self.body)}
        document = self.taken.mapped.document
        document = {**document, "records": _without_bytes(document.get("records", []), contents)}
        return {
            "request": unit.originals.keep(org, canonical_bytes(document), at),
            "account": unit.originals.keep(org, orjson.dumps(self.taken.account.as_json()), at),
            "source": digest(self.body),
            "format": self.taken.account.format,
        }

    def keep_account(self, unit: Unit, org: str, at: datetime) -> dict[str, str]:
        """Keep a report's account; empty where the report was canonical."""
        if self.taken.account is None:
            return {}
        return {"report_account": unit.originals.keep(org, orjson.dumps(self.taken.account.as_json()), at)}

    def losses(self) -> list[Problem]:
        """Return what was lost in mapping, for the answer; empty where the message was canonical."""
        return self.taken.account.losses() if self.taken.account is not None else []


def _without_bytes(records: list[dict[str, Any]], contents: Mapping[str, RecordContent]) -> list[dict[str, Any]]:
    """Return the records by the hash of their bytes, which are kept once."""
    return [
        {**{name: value for name, value in one.items() if name != "data"}, "sha256": contents[one["id"]].sha256}
        if "data" in one
        else one
        for one in records
    ]


def stored_account(unit: Unit, case: Case) -> Account | None:
    """Return the account of the message that a case was made or reported from; None where that was canonical."""
    sha256 = case.detail.get("report_account") or case.detail.get("account")
    return account_from(orjson.loads(unit.originals.read(case.org, sha256))) if sha256 else None
