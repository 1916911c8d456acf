import hashlib
import threading
from datetime import UTC, datetime

import pytest

from adapter.store.store import DuplicateMessage

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def entry(**changes):
    row = {
        "org": "a",
        "sender": "ehr",
        "message_id": "m1",
        "body_sha256": "b",
        "media_type": "application/json",
        "blob_sha256": "b",
        "status": 202,
        "answer": b"{}",
        "at": AT,
        "case_id": "c1",
    }
    return row | changes


def test_a_message_is_found_with_its_answer_by_its_own_organisation_and_sender_only(store):
    with store.transaction() as unit:
        unit.inbox.add(**entry(answer=b"\x00\xff"))
    with store.read() as unit:
        found = unit.inbox.find("a", "ehr", "m1")
        assert (found.status, found.answer, found.answer_media_type) == (202, b"\x00\xff", "application/fhir+json")
        assert (found.at, found.case_id) == (AT, "c1")
        assert unit.inbox.find("b", "ehr", "m1") is None
        assert unit.inbox.find("a", "other", "m1") is None
        assert unit.inbox.find("a", "ehr", "M1") is None


def test_the_second_of_two_equal_messages_ends_without_effect(store):
    with store.transaction() as unit:
        unit.inbox.add(**entry())

    def act(unit):
        unit.events.append("a", "c1", "requested", "x", AT)
        unit.inbox.add(**entry(case_id="c2"))

    with pytest.raises(DuplicateMessage), store.transaction() as unit:
        act(unit)
    with store.read() as unit:
        assert unit.events.of_case("a", "c1") == []


def test_a_message_that_had_its_effect_meanwhile_is_noticed_before_anything_else(store):
    with store.transaction() as unit:
        unit.inbox.claim("a", "ehr", "m1")
        unit.inbox.add(**entry())
    with pytest.raises(DuplicateMessage), store.transaction() as unit:
        unit.inbox.claim("a", "ehr", "m1")
    with store.transaction() as unit:
        unit.inbox.claim("a", "ehr", "m2")
        unit.inbox.claim("b", "ehr", "m1")


def test_of_many_threads_with_the_same_message_one_has_an_effect(store):
    start = threading.Barrier(12)
    outcomes = []

    def accept():
        start.wait()
        try:
            with store.transaction() as unit:
                unit.inbox.claim("a", "ehr", "m1")
                unit.resources.put("a", "c1", {"resourceType": "Task", "id": "c1"}, AT)
                unit.work.add("a", "c1", "send", {}, AT)
                unit.inbox.add(**entry())
            outcomes.append("accepted")
        except DuplicateMessage:
            outcomes.append("duplicate")

    threads = [threading.Thread(target=accept) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["accepted"] + ["duplicate"] * 11
    with store.read() as unit:
        assert len(unit.work.due(AT, 100)) == 1
        assert len(unit.resources.history("a", "Task", "c1")) == 1


def test_refused_input_is_kept_for_its_organisation(store):
    sha256 = hashlib.sha256(b"x").hexdigest()
    with store.transaction() as unit:
        for reason in ("first", "second", "third"):
            unit.quarantine.add(
                org="a", sender="ehr", at=AT, media_type="text/plain", blob_sha256=sha256, reason=reason
            )
    with store.read() as unit:
        newest, middle = unit.quarantine.list("a", limit=2)
        assert [newest.reason, middle.reason] == ["third", "second"]
        assert [one.reason for one in unit.quarantine.list("a", before=middle.seq)] == ["first"]
        assert unit.quarantine.list("b") == []
