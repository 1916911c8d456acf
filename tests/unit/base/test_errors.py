"""The tree of errors is what its own docstring says it is, leaf by leaf."""

import re

import pytest

from adapter.base import errors
from adapter.base.errors import AdapterError, PeerError, Problem, SetupError
from adapter.fhir.definitions.registry import definitions

ROW = re.compile(r"^(?P<indent> *)[-*] (?P<name>\w+)(?: +(?P<status>\d{3}) (?P<issue>[a-z-]+))?(?: +(?P<rest>.*))?$")


def _table():
    rows = [match for line in errors.__doc__.splitlines() if (match := ROW.match(line))]
    found, above = [], []
    for row in rows:
        depth = len(row["indent"]) // 2
        del above[depth:]
        found.append((row["name"], above[-1] if above else None, row["status"], row["issue"], row["rest"] or ""))
        above.append(row["name"])
    return found


TABLE = _table()
STATED = [row for row in TABLE if row[2]]
CLASSES = {name: one for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, AdapterError)}


def test_the_table_lists_every_error_and_no_other():
    assert [row[0] for row in TABLE] == list(dict.fromkeys(row[0] for row in TABLE))
    assert {row[0] for row in TABLE} == set(CLASSES)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row[0])
def test_an_error_hangs_where_the_table_says(row):
    name, above, *_ = row
    assert CLASSES[name].__base__.__name__ == (above or "Exception")


@pytest.mark.parametrize("row", STATED, ids=lambda row: row[0])
def test_an_error_has_the_status_and_issue_code_of_the_table(row):
    name, _, status, issue, _ = row
    assert (CLASSES[name].status, CLASSES[name].issue) == (int(status), issue)


@pytest.mark.parametrize("row", STATED, ids=lambda row: row[0])
def test_an_issue_code_is_one_of_fhir(row):
    codes = definitions().codes("http://hl7.org/fhir/ValueSet/issue-type")
    assert any(row[3] in of_system for of_system in codes.values())


@pytest.mark.parametrize("row", [row for row in TABLE if row[1] == "PeerError"], ids=lambda row: row[0])
def test_what_is_retried_is_what_the_table_says(row):
    assert CLASSES[row[0]].retryable is row[4].startswith("retried")


def test_only_what_lies_with_a_peer_or_the_store_is_tried_again():
    tried_again = {name for name, one in CLASSES.items() if one.retryable}
    assert tried_again == {"StoreUnavailable", "PeerUnavailable", "PeerTimeout", "PeerThrottled"}


@pytest.mark.parametrize(
    ("name", "exit_status"),
    [
        *((name, 65) for name in ("Unreadable", "UnknownFormat", "NotAcceptable", "TooLarge", "Invalid", "Withheld")),
        *(
            (name, 65)
            for name in ("NotFound", "Gone", "DuplicateDiffers", "IllegalTransition", "StaleVersion", "PeerRejected")
        ),
        *((name, 75) for name in ("PeerUnavailable", "PeerTimeout", "PeerThrottled", "StoreUnavailable")),
        *((name, 77) for name in ("NotAuthenticated", "NotPermitted")),
        ("SetupError", 78),
    ],
)
def test_every_leaf_has_the_exit_status_of_the_command_line(name, exit_status):
    assert CLASSES[name].exit_status == exit_status


def test_no_leaf_is_left_out_above():
    assert len([one for one in CLASSES.values() if not one.__subclasses__()]) == 19


def test_problems_stand_for_themselves_and_a_text_alone_is_one_problem():
    alone = SetupError("wrong", where="server.port")
    assert alone.problems == (Problem("wrong", "server.port"),)
    several = SetupError("wrong", problems=[Problem("a"), Problem("b")])
    assert [one.text for one in several.problems] == ["a", "b"]
    assert str(several) == several.text == "wrong"


def test_a_peer_that_did_not_say_when_to_come_back_has_said_nothing():
    assert PeerError("busy").retry_after_seconds is None
    assert PeerError("busy", retry_after_seconds=3.0).retry_after_seconds == 3.0
