"""Holds a QuestionnaireResponse against its Questionnaire, where that is in the same input.

https://hl7.org/fhir/R4/questionnaireresponse.html#invs (and the notes on linkId, order and nesting there)
"""

from functools import cached_property
from typing import Any

from adapter.fhir.fhirpath import Budget, TooCostlyError
from adapter.fhir.validate.findings import Finding, Findings, Resolver, Scope

_VALUES = {
    "boolean": ("valueBoolean",),
    "decimal": ("valueDecimal",),
    "integer": ("valueInteger",),
    "date": ("valueDate",),
    "dateTime": ("valueDateTime",),
    "time": ("valueTime",),
    "string": ("valueString",),
    "text": ("valueString",),
    "url": ("valueUri",),
    "attachment": ("valueAttachment",),
    "reference": ("valueReference",),
    "quantity": ("valueQuantity",),
}
"""What the answers to a question of a type may be; choices say it in their options."""

_UNFINISHED = frozenset({"in-progress", "stopped", "entered-in-error"})
_Item = dict[str, Any]


def check_answers(response: dict[str, Any], out: Findings, scope: Scope) -> None:
    """Check which questions are answered, where, how often and with what; only if the Questionnaire is at hand."""
    canonical = response.get("questionnaire")
    asked = _questionnaire(canonical, scope) if type(canonical) is str else None
    if asked is None or asked.get("resourceType") != "Questionnaire":
        return
    comparison = _Comparison(asked, out, scope.budget, done=response.get("status") not in _UNFINISHED)
    try:
        comparison.check(_items(asked), _items(response), "")
    except TooCostlyError:
        said = "is too large to be held against its questionnaire as a whole"
        out.append(Finding("", "too-costly", said, "information"))


def _questionnaire(canonical: str, scope: Scope) -> dict[str, Any] | None:
    if canonical[:1] == "#":
        found = Resolver(scope.root, None)(canonical)
        return None if found is None else found.value
    return None if scope.bundle is None else scope.bundle.questionnaires.get(canonical.partition("|")[0])


def _items(owner: _Item) -> list[_Item]:
    found = owner.get("item")
    return [one for one in found if type(one) is dict] if type(found) is list else []


class _Comparison:
    """A Questionnaire and the findings about one response to it; `done`: what must be answered must be there."""

    def __init__(self, asked: _Item, out: Findings, budget: Budget | None, *, done: bool) -> None:
        self._asked = asked
        self._out = out
        self._budget = budget
        self._done = done

    @cached_property
    def _names(self) -> set[str]:
        found: set[str] = set()
        level = _items(self._asked)
        while level:
            self._spend(len(level))
            found.update(str(one.get("linkId")) for one in level)
            level = [inner for one in level for inner in _items(one)]
        return found

    def _spend(self, steps: int) -> None:
        if self._budget is not None:
            self._budget.spend(steps)

    def check(self, asked: list[_Item], given: list[_Item], path: str) -> None:
        """Check the items on one level."""
        self._spend(len(asked) + len(given))
        places = {str(item.get("linkId")): at for at, item in enumerate(asked)}
        answered: dict[str, list[tuple[str, _Item]]] = {}
        last = 0
        for at, item in enumerate(given):
            where, name = f"{path}.item[{at}]", str(item.get("linkId"))
            if name not in places:
                said = "stands elsewhere in the questionnaire" if name in self._names else "is not in the questionnaire"
                self._out.append(Finding(f"{where}.linkId", "structure", f"this question {said}"))
                continue
            if places[name] < last:
                said = "stands too late: the questionnaire asks it earlier"
                self._out.append(Finding(where, "structure", said))
            last = max(last, places[name])
            answered.setdefault(name, []).append((where, item))
        for question in asked:
            self._check_question(question, answered.get(str(question.get("linkId")), []), path)

    def _check_question(self, question: _Item, found: list[tuple[str, _Item]], path: str) -> None:
        if len(found) > 1 and question.get("repeats") is not True:
            self._out.append(Finding(found[1][0], "structure", "may stand only once: it does not repeat"))
        for where, item in found:
            self._check_item(question, item, where)
        # whether a condition holds is not evaluated here
        is_due = self._done and question.get("required") is True and "enableWhen" not in question
        if is_due and not any(item.get("answer") or item.get("item") for _, item in found):
            self._out.append(Finding(path, "required", "a question that must be answered is not answered"))

    def _check_item(self, question: _Item, item: _Item, where: str) -> None:
        kind, answers = str(question.get("type")), item.get("answer")
        if kind in ("group", "display"):
            if answers:
                self._out.append(Finding(f"{where}.answer", "structure", f"an item of the type {kind} has no answer"))
            if kind == "group":
                self.check(_items(question), _items(item), where)
            return
        several = [one for one in answers if type(one) is dict] if type(answers) is list else []
        if len(several) > 1 and question.get("repeats") is not True:
            said = "there is one answer only: the question does not repeat"
            self._out.append(Finding(f"{where}.answer[1]", "structure", said))
        for at, answer in enumerate(several):
            _check_value(question, kind, answer, f"{where}.answer[{at}]", self._out)
            self.check(_items(question), _items(answer), f"{where}.answer[{at}]")


def _check_value(question: _Item, kind: str, answer: _Item, where: str, out: Findings) -> None:
    given = next((key for key in answer if key.startswith("value")), None)
    options = question.get("answerOption")
    if given is None:
        return
    listed = [one for one in options if type(one) is dict] if type(options) is list else []
    if kind in ("choice", "open-choice"):
        if kind == "choice" and listed and not any(_is_same(one.get(given), answer[given]) for one in listed):
            out.append(Finding(f"{where}.{given}", "code-invalid", "is none of the options of the question"))
        elif kind == "choice" and not listed and given != "valueCoding":
            out.append(Finding(f"{where}.{given}", "structure", "must be a valueCoding: the question offers codes"))
    elif given not in _VALUES.get(kind, (given,)):
        said = f"must be {_VALUES[kind][0]}: the question is of the type {kind}"
        out.append(Finding(f"{where}.{given}", "structure", said))


def _is_same(option: Any, value: Any) -> bool:
    if type(option) is dict and type(value) is dict:
        return all(option.get(key) == value.get(key) for key in ("system", "code", "reference"))
    return option is not None and bool(option == value)
