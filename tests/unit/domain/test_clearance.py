"""What may leave is a type that only the consent gate can make."""

from datetime import UTC, datetime

import pytest

from adapter.domain.clearance import GATE_SEAL, Cleared, GateSeal
from adapter.domain.consent import Purpose
from adapter.domain.records import Record
from adapter.rules import consent_gate

ABOUT = {"recipient": "B", "purpose": Purpose.SHARE_RECORDS, "at": datetime(2026, 4, 10, tzinfo=UTC), "grant": None}


@pytest.mark.parametrize("seal", [None, object(), GateSeal(), "GATE_SEAL"])
def test_who_does_not_hold_the_seal_cannot_clear(seal):
    with pytest.raises(TypeError, match="only the consent gate clears"):
        Cleared(Record(id="R1"), seal=seal, **ABOUT)


def test_what_is_cleared_says_what_for_whom_and_when():
    record = Record(id="R1")
    cleared = Cleared(record, seal=GATE_SEAL, **ABOUT)
    assert cleared.item is record
    assert {name: getattr(cleared, name) for name in ABOUT} == ABOUT


def test_nothing_else_can_be_hung_on_a_clearance():
    cleared = Cleared(Record(id="R1"), seal=GATE_SEAL, **ABOUT)
    with pytest.raises(AttributeError):
        cleared.also = "another record"


def test_the_gate_uses_the_one_seal():
    assert consent_gate.GATE_SEAL is GATE_SEAL
