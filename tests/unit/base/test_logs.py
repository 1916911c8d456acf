"""What nobody vetted never leaves with a log line."""

import json
import re
from io import StringIO
from types import SimpleNamespace

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from adapter.base import logs
from adapter.base.logs import ALLOWED, configure_logs, logger, place_of

CANARY = "Erika-Mustermann-1964-08-12"


@pytest.fixture
def lines(monkeypatch):
    """Collect what is logged."""
    out = StringIO()
    monkeypatch.setattr(logs, "sys", SimpleNamespace(stderr=out))
    configure_logs("debug")
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    structlog.reset_defaults()


def test_a_line_is_json_with_level_and_moment_in_utc(lines):
    logger().info("work-done", org="a", attempt=2)
    (line,) = lines()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", line.pop("timestamp"))
    assert line == {"event": "work-done", "level": "info", "org": "a", "attempt": 2}


def test_a_key_that_nobody_vetted_never_leaves(lines):
    logger().error("refused", patient=CANARY, org="a", body={"name": CANARY})
    (line,) = lines()
    assert CANARY not in json.dumps(line)
    assert (line["org"], line["count"], line["error"]) == ("a", 2, "keys that are not vetted were dropped")


def test_what_was_bound_earlier_is_vetted_too(lines):
    logger().bind(name=CANARY, case="c").info("seen")
    assert CANARY not in json.dumps(lines())
    assert lines()[0]["case"] == "c"


def test_an_exceptions_message_never_leaves(lines):
    try:
        int(CANARY)
    except ValueError:
        logger().exception("bug")
        logger().error("bug", exc_info=True, stack_info=True)
    assert CANARY not in json.dumps(lines())
    assert [line["event"] for line in lines()] == ["bug", "bug"]


@given(st.dictionaries(st.text(), st.text()))
def test_only_vetted_keys_are_left(line):
    left = logs._only_vetted(None, "info", dict(line))
    assert set(left) <= ALLOWED
    kept = {key: value for key, value in line.items() if key in ALLOWED and key not in {"count", "error"}}
    assert kept.items() <= left.items()


def test_no_vetted_key_is_the_name_of_something_about_a_person():
    personal = {"patient", "name", "birth_date", "identifier", "bsn", "kvnr", "body", "text", "payload", "exception"}
    assert personal & ALLOWED == set()


@pytest.mark.parametrize(("level", "events"), [("debug", 4), ("info", 3), ("warning", 2), ("error", 1)])
def test_what_is_below_the_level_is_not_written(lines, level, events):
    configure_logs(level)
    for method in ("debug", "info", "warning", "error"):
        getattr(logger(), method)("one")
    assert len(lines()) == events


def test_the_place_of_an_error_is_file_and_line_and_not_its_message():
    def deep() -> None:
        raise LookupError(CANARY)

    with pytest.raises(LookupError) as raised:
        deep()
    assert re.fullmatch(r"test_logs\.py:\d+", place_of(raised.value))


def test_an_error_that_was_never_raised_has_no_place():
    assert place_of(ValueError(CANARY)) == ""
