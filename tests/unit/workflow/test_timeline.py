"""Every event that the code can append has a sentence, and says why where there is a why."""

import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapter.domain.case import Case, Role, TaskStatus
from adapter.domain.coverage import CoverageOutcome
from adapter.domain.lifecycle import CaseEvent
from adapter.store.events import StoredEvent
from adapter.workflow import timeline as module
from adapter.workflow.timeline import SENTENCES, timeline

WORKFLOW = Path(module.__file__).parent
AT = datetime(2026, 4, 10, 8, 0, tzinfo=UTC)
CASE = Case(
    org="a",
    id="t-1",
    number="1",
    request_id="r",
    role=Role.TREATING,
    status=TaskStatus.REQUESTED,
    opened_at=AT,
    changed_at=AT,
)
RULE = {
    "code": "NL-1",
    "rule": "NL-1",
    "text": {"en": "No referral.", "de": "Keine Überweisung.", "nl": "Geen verwijzing."},
}


def _literals(node):
    """Give every text that an expression can be: "a", or both sides of a choice."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*_literals(node.body), *_literals(node.orelse))


def _appended():
    """Give the kinds that `events.append(org, case, kind, ...)` and its short forms are called with."""
    for file in sorted(WORKFLOW.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        names = {}
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Assign)
                and isinstance(node.targets[0], ast.Tuple)
                and isinstance(node.value, ast.Tuple)
            ):
                for target, value in zip(node.targets[0].elts, node.value.elts, strict=True):
                    names.setdefault(ast.unparse(target), []).extend(_literals(value))
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            called = ast.unparse(node.func)
            if called.endswith("events.append"):
                kind = node.args[2]
            elif called in ("remember", "_record"):
                kind = node.args[0] if called == "remember" else node.args[1]
            elif called == "_send" and len(node.args) == 3:
                kind = node.args[2]
            else:
                continue
            yield from names.get(ast.unparse(kind), []) if isinstance(kind, ast.Name) else _literals(kind)


KINDS = sorted({*_appended(), *(event.value for event in CaseEvent)})


class Events:
    def __init__(self, *events):
        self._events = events

    def of_case(self, org, case_id):
        return [
            StoredEvent(org=org, case_id=case_id, seq=n, at=AT, kind=kind, actor=actor, detail=detail)
            for n, (kind, actor, detail) in enumerate(self._events, 1)
        ]


class Unit:
    def __init__(self, *events):
        self.events = Events(*events)


def told(kind, detail, language="en"):
    (line,) = timeline(Unit((kind, "node", detail)), CASE, language)
    return line


def test_the_search_finds_what_the_code_appends():
    assert {
        "requested",
        "corrected",
        "report-sent",
        "report-withheld",
        "status-sent",
        "work-failed",
        "not-sent",
    } <= set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_event_has_a_sentence_that_needs_no_detail(kind):
    assert kind in SENTENCES
    detail = {"outcome": "ok", "reasons": [], "notices": []} if kind == "coverage-decided" else {}
    line = told(kind, detail)
    assert (line.kind, line.at, line.why) == (kind, AT, None)
    assert line.what[0].isupper()
    assert len(line.what) > 10


def test_no_sentence_is_for_an_event_that_nobody_appends():
    assert set(SENTENCES) - set(KINDS) == set()


def test_an_unknown_event_is_told_by_its_name():
    assert told("something-new", {"reason": "no-capacity"}).what == "something new"


@pytest.mark.parametrize(
    ("kind", "detail", "what"),
    [
        ("requested", {"by": "patient"}, "Second opinion requested by the patient"),
        ("requested", {"by": None}, "Second opinion requested"),
        (
            "records-judged",
            {"cleared": ["DOC-1"], "withheld": [{"record": "DOC-2", "code": "refused"}]},
            "Records that may leave: DOC-1; withheld: DOC-2",
        ),
        ("records-judged", {}, "Records that may leave: none; withheld: none"),
        (
            "reported",
            {"necessity": "no", "concordance": "alternative-recommended"},
            "The opinion is there: operation necessary: no; alternative recommended",
        ),
        ("reported", {"status": "completed"}, "The opinion is there"),
        (
            "reported",
            {"necessity": None, "concordance": "agree"},
            "The opinion is there: the report does not state whether the operation is necessary; agree",
        ),
        (
            "reported",
            {"necessity": "no", "concordance": None},
            "The opinion is there: operation necessary: no; the report does not state how it stands to the first",
        ),
        (
            "reported",
            {"necessity": None, "concordance": None},
            (
                "The opinion is there; the report does not state whether the operation is necessary, "
                "nor how it stands to the first"
            ),
        ),
        ("status-sent", {"to": "praxis-b"}, "The state was told to praxis-b"),
        ("work-failed", {"kind": "send-request", "error": "x"}, "Not done, and kept for the operator: send request"),
        (
            "coverage-decided",
            {"outcome": "partial", "pct": "75", "pack": "nl.zvw.default", "reasons": [], "notices": []},
            "Coverage: covered in part (75 %) (an estimate by nl.zvw.default, not a decision of the insurer)",
        ),
        (
            "coverage-decided",
            {"outcome": "undetermined", "pack": None, "reasons": [], "notices": []},
            "Coverage: cannot be said yet (an estimate by no rule pack, not a decision of the insurer)",
        ),
    ],
)
def test_a_sentence_says_what_happened(kind, detail, what):
    assert told(kind, detail).what == what


@pytest.mark.parametrize("language", ["en", "de", "nl"])
def test_the_insurers_reasons_are_told_in_the_language_that_was_asked_for(language):
    detail = {"outcome": "action", "reasons": [RULE], "notices": [RULE]}
    assert told("coverage-decided", detail, language).why == f"{RULE['text'][language]} {RULE['text'][language]}"


@pytest.mark.parametrize(
    ("detail", "why"),
    [
        ({"reason": "no-capacity"}, "no capacity"),
        ({"code": "not-yet"}, "the permission does not hold yet"),
        ({"code": "refused", "reason": None}, "the patient refused this"),
        ({"error": "the peer is down"}, "the peer is down"),
        ({}, None),
    ],
)
def test_the_reason_is_told_where_there_is_one(detail, why):
    assert told("rejected", detail).why == why


def test_the_story_keeps_its_order():
    lines = timeline(Unit(("requested", "client:ehr", {}), ("received", "partner:b", {})), CASE)
    assert [(line.kind, line.who) for line in lines] == [("requested", "client:ehr"), ("received", "partner:b")]


@pytest.mark.parametrize("outcome", CoverageOutcome)
def test_every_outcome_of_coverage_has_words(outcome):
    assert told("coverage-decided", {"outcome": outcome.value, "reasons": [], "notices": []}).what.startswith(
        "Coverage: "
    )
