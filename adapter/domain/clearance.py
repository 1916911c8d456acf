"""What may leave, as a type: a `Cleared` value can only be made by the consent gate.

Whoever sends takes `Cleared[...]` and nothing else, so that code which forgets to ask the gate does not type-check,
and code which cheats fails when it runs.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Generic, TypeVar

from adapter.domain.consent import Purpose

T_co = TypeVar("T_co", covariant=True)


class GateSeal:
    """The gate's own mark; `adapter.rules.consent_gate` holds the only one that counts."""


GATE_SEAL: Final = GateSeal()


class Cleared(Generic[T_co]):
    """Something that may go to one recipient for one purpose, as decided at one moment."""

    __slots__ = ("at", "grant", "item", "purpose", "recipient")

    def __init__(
        self, item: T_co, *, seal: GateSeal, recipient: str, purpose: Purpose | None, at: datetime, grant: str | None
    ) -> None:
        """Be made by the gate.

        Args:
            item: what may go.
            seal: the gate's seal.
            recipient: whom it may go to, as the gate was asked.
            purpose: None for a message that carries nothing clinical.
            at: when the gate decided, aware.
            grant: reference of the Consent it rests on, None where it has none yet or needs none.

        Raises:
            TypeError: somebody else than the gate tries it.
        """
        if seal is not GATE_SEAL:
            raise TypeError("only the consent gate clears")
        self.item = item
        self.recipient = recipient
        self.purpose = purpose
        self.at = at
        self.grant = grant


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """The gate's "no", with its reason.

    Attributes:
        code: "no-statement", "refused", "withdrawn", "not-yet", "expired", "record-not-named", "must-be-named",
            "other-recipient", "no-authority" or "not-administrative".
        text: the reason for the sender's staff; no patient data.
        where: the place in the request that would change it, as a JSON pointer.
        purpose: what was asked for.
        record: id of the record that it is about, None = everything.
    """

    code: str
    text: str
    where: str
    purpose: Purpose | None = None
    record: str | None = None
