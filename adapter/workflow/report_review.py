"""What is looked at in a report before it ends a case: its case, its patient, and what it leaves unsaid."""

from collections.abc import Iterator

from adapter.base.errors import Invalid, Problem
from adapter.domain.case import Case
from adapter.domain.report import SecondOpinionReport
from adapter.intake.taking import Taken
from adapter.mapping.from_fhir.patient import identity_of
from adapter.mapping.from_fhir.request_view import RequestView
from adapter.mapping.to_fhir.opinion import report_problems
from adapter.rules.same_patient import Likeness, compare

_CODED = {
    "necessity": "whether the planned operation is needed",
    "concordance": "how it stands to the first opinion",
}
_WHAT = {"identifiers": "number", "birth_date": "date of birth", "name": "name"}
_PLACES = {"identifiers": "/patient/identifiers", "birth_date": "/patient/birthDate", "name": "/patient/name"}


def ensure_it_fits(case: Case, view: RequestView, report: SecondOpinionReport) -> list[Problem]:
    """Return what is doubtful in a report about a case.

    Raises:
        Invalid: it refers to a question or record that this case does not have, or it is about another patient.
    """
    problems = report_problems(report, view)
    unknown = {problem.where for problem in problems}
    arrived = {one["id"] for one in case.detail.get("records", [])}
    for index, record in enumerate(report.reviewed):
        where = f"/reviewed/{index}"
        if record not in arrived and where not in unknown:
            problems.append(Problem("this record was announced, but has not arrived here", where, "not-found"))
    others, doubts = _patient(view, report)
    if problems or others:
        raise Invalid("the report does not fit the case", problems=[*problems, *others])
    return doubts


def unstated(report: SecondOpinionReport, taken: Taken) -> Iterator[Problem]:
    """Yield a warning for what the report does not state in a code, and where its sender could state it."""
    for name, what in _CODED.items():
        if getattr(report, name) is None:
            pointer = f"/{name}"
            rows = taken.mapped.table.rows if taken.mapped is not None else ()
            read = next((row.cells.source for row in rows if any(one.text == pointer for one in row.targets)), None)
            place = f"; a code for it is read from `{read}`" if read else "; a code for it stands here"
            yield Problem(f"the report does not state {what}{place}", pointer, "informational", "warning")


def _patient(view: RequestView, report: SecondOpinionReport) -> tuple[list[Problem], list[Problem]]:
    """Return why the report is about another patient than the case, and why that cannot be said for sure."""
    if report.patient is None:
        return [], []
    found = compare(report.patient, identity_of(view.patient))
    if found.likeness is Likeness.OTHER:
        text = (
            "the report is about another patient than the case: the {} is not the one in the request. Correct the "
            "case number or the patient; a number that the request has too settles it where only the name has changed"
        )
        return [Problem(text.format(_WHAT[one]), _PLACES[one], "business-rule") for one in found.differing], []
    if found.likeness is Likeness.SAME:
        return [], []
    if found.differing:
        text = "the {} is not the one in the request, though another number is: see that it is the same patient"
        return [], [
            Problem(text.format(_WHAT[one]), _PLACES[one], "business-rule", "warning") for one in found.differing
        ]
    text = (
        "what the report says of its patient does not suffice to compare it with the request: see that it is the same "
        "patient. A number that the request has too, or name and full date of birth, are compared"
    )
    return [], [Problem(text, "/patient", "informational", "warning")]
