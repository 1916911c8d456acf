"""Rules of the resources that describe others: questionnaires, code systems, value sets, search parameters.

https://hl7.org/fhir/R4/conformance-module.html
"""

import re
from collections.abc import Iterator
from typing import Any

from adapter.fhir.definitions.registry import definitions
from adapter.fhir.fhirpath import FhirPathError
from adapter.fhir.fhirpath.model import is_a
from adapter.fhir.fhirpath.parser import parse
from adapter.fhir.validate.findings import Finding, Findings, Scope

_PROPERTIES = "http://hl7.org/fhir/concept-properties#"
_KNOWN_PROPERTIES = {
    "status": "code",
    "retirementDate": "dateTime",
    "deprecationDate": "dateTime",
    "inactive": "boolean",
    "notSelectable": "boolean",
    "parent": "code",
    "child": "code",
    "partOf": "code",
    "synonym": "code",
    "comment": "string",
    "itemWeight": "decimal",
}
_VALUE_TYPES = {
    "valueCode": "code",
    "valueCoding": "Coding",
    "valueString": "string",
    "valueInteger": "integer",
    "valueBoolean": "boolean",
    "valueDateTime": "dateTime",
    "valueDecimal": "decimal",
}
_FEWEST_COMPONENTS = 2
_SNOMED = "http://snomed.info/sct"
_ROOT_NAMES = re.compile(r"(?:^|[|(])\s*([A-Z][A-Za-z]+)\s*\.")


def check_questionnaire(questionnaire: dict[str, Any], out: Findings, _scope: Scope) -> None:
    """Check that every condition names a question that can be answered before."""
    order: dict[str, int] = {}
    items = list(_items(questionnaire, ""))
    for number, (item, _path, _inside) in enumerate(items):
        if type(item.get("linkId")) is str:
            order.setdefault(item["linkId"], number)
    for number, (item, path, last) in enumerate(items):
        for at, condition in enumerate(_objects(item.get("enableWhen"))):
            question = condition.get("question")
            if type(question) is not str:
                continue
            where, target = f"{path}.enableWhen[{at}].question", order.get(question)
            if target is None:
                out.append(Finding(where, "business-rule", "no item has this linkId"))
            elif target == number:
                out.append(Finding(where, "business-rule", "an item cannot depend on its own answer"))
            elif number < target <= last:
                out.append(Finding(where, "business-rule", "an item cannot depend on a question inside it"))
            elif target > number:
                said = "the question comes after the item that depends on it"
                out.append(Finding(where, "business-rule", said, "warning"))


def _items(questionnaire: dict[str, Any], path: str) -> Iterator[tuple[dict[str, Any], str, int]]:
    """Give each item in order, its path, and the number of the last item inside it."""
    found: list[list[Any]] = []

    def walk(owner: dict[str, Any], above: str) -> None:
        for at, item in enumerate(_objects(owner.get("item"))):
            here = f"{above}.item[{at}]"
            entry = [item, here, 0]
            found.append(entry)
            walk(item, here)
            entry[2] = len(found) - 1

    walk(questionnaire, path)
    yield from ((item, here, last) for item, here, last in found)


def _objects(value: Any) -> list[dict[str, Any]]:
    return [one if type(one) is dict else {} for one in value] if type(value) is list else []


def check_capability_statement(statement: dict[str, Any], out: Findings, _scope: Scope) -> None:
    """Check that search parameters have the type that their definitions give them."""
    for at, rest in enumerate(_objects(statement.get("rest"))):
        for number, resource in enumerate(_objects(rest.get("resource"))):
            for place, parameter in enumerate(_objects(resource.get("searchParam"))):
                url = parameter.get("definition")
                known = definitions().search_parameter(url.partition("|")[0]) if type(url) is str else None
                if known is not None and parameter.get("type") != known.type:
                    where = f".rest[{at}].resource[{number}].searchParam[{place}].type"
                    out.append(Finding(where, "business-rule", f"must be {known.type}, as its definition says"))


def check_search_parameter(parameter: dict[str, Any], out: Findings, _scope: Scope) -> None:
    """Check that the expression is FHIRPath and starts from the types that the parameter is for."""
    bases = [one for one in _list(parameter.get("base")) if type(one) is str]
    derived = parameter.get("derivedFrom")
    known = definitions().search_parameter(derived.partition("|")[0]) if type(derived) is str else None
    if known is not None:
        for at, base in enumerate(bases):
            if not any(is_a(base, one) for one in known.bases):
                said = "is no base of the search parameter that this one is derived from"
                out.append(Finding(f".base[{at}]", "business-rule", said))
        if parameter.get("type") != known.type:
            out.append(Finding(".type", "business-rule", f"must be {known.type}, as in what it is derived from"))
    if parameter.get("type") == "composite" and len(_list(parameter.get("component"))) < _FEWEST_COMPONENTS:
        out.append(Finding(".component", "business-rule", "a composite parameter needs two components or more"))
    expression = parameter.get("expression")
    if type(expression) is not str:
        return
    check_fhirpath(expression, ".expression", out)
    for name in sorted(set(_ROOT_NAMES.findall(expression))):
        if name in definitions() and not any(is_a(base, name) for base in bases):
            out.append(
                Finding(".expression", "business-rule", f"starts from {name}, which is no base of the parameter")
            )


def _list(value: Any) -> list[Any]:
    return value if type(value) is list else []


def check_fhirpath(expression: str, where: str, out: Findings) -> None:
    """Check that a text is a FHIRPath expression."""
    try:
        parse(expression)
    except FhirPathError as error:
        out.append(Finding(where, "invalid", f"is no FHIRPath: {error}"))


def check_constraint(constraint: dict[str, Any], out: Findings, _scope: Scope) -> None:
    """Check that the expression of a constraint is FHIRPath."""
    expression = constraint.get("expression")
    if type(expression) is str:
        check_fhirpath(expression, ".expression", out)


def check_expression(expression: dict[str, Any], out: Findings, _scope: Scope) -> None:
    """Check that what is said to be FHIRPath is FHIRPath."""
    text = expression.get("expression")
    if expression.get("language") == "text/fhirpath" and type(text) is str:
        check_fhirpath(text, ".expression", out)


def check_code_system(system: dict[str, Any], out: Findings, _scope: Scope) -> None:
    """Check that properties are defined once, with the type that their URI means, and used with that type."""
    if (system.get("content") == "supplement") != ("supplements" in system):
        said = "must be there for a supplement, and only for one"
        out.append(Finding(".supplements", "business-rule", said))
    _check_amount(system, out)
    types: dict[str, str] = {}
    uris: set[str] = set()
    for at, one in enumerate(_objects(system.get("property"))):
        code, uri, kind = one.get("code"), one.get("uri"), one.get("type")
        if type(code) is str:
            if code in types:
                out.append(Finding(f".property[{at}].code", "business-rule", "another property has this code"))
            types.setdefault(code, str(kind))
        if type(uri) is not str:
            continue
        if uri in uris:
            out.append(Finding(f".property[{at}].uri", "business-rule", "another property has this URI"))
        uris.add(uri)
        meant = _KNOWN_PROPERTIES.get(uri.removeprefix(_PROPERTIES)) if uri.startswith(_PROPERTIES) else None
        if meant is not None and kind != meant:
            out.append(Finding(f".property[{at}].type", "business-rule", f"must be {meant}: the URI says so"))
    _check_concepts(system, types, out)


def _check_amount(system: dict[str, Any], out: Findings) -> None:
    if system.get("content") == "not-present" and system.get("concept"):
        out.append(Finding(".concept", "business-rule", "must not be there if the content is said to be not-present"))
    if system.get("content") == "complete" and type(system.get("count")) is int:
        total, level = 0, [system]
        while level:
            level = [concept for owner in level for concept in _objects(owner.get("concept"))]
            total += len(level)
        if total != system["count"]:
            said = f"says {system['count']}, but the code system, which is said to be complete, has {total} concepts"
            out.append(Finding(".count", "business-rule", said))


def _check_concepts(system: dict[str, Any], types: dict[str, str], out: Findings) -> None:
    level = [("", system)]
    while level:
        following = []
        for path, owner in level:
            for at, concept in enumerate(_objects(owner.get("concept"))):
                here = f"{path}.concept[{at}]"
                following.append((here, concept))
                for number, one in enumerate(_objects(concept.get("property"))):
                    wanted = types.get(str(one.get("code")))
                    given = next((kind for name, kind in _VALUE_TYPES.items() if name in one), None)
                    if wanted is not None and given is not None and given != wanted:
                        said = f"must have a value of the type {wanted}, as the code system defines the property"
                        out.append(Finding(f"{here}.property[{number}]", "business-rule", said))
        level = following


def check_value_set(value_set: dict[str, Any], out: Findings, _scope: Scope) -> None:
    """Check the filters of the composition."""
    compose = value_set.get("compose")
    if type(compose) is not dict:
        return
    for name in ("include", "exclude"):
        for at, part in enumerate(_objects(compose.get(name))):
            for number, rule in enumerate(_objects(part.get("filter"))):
                where = f".compose.{name}[{at}].filter[{number}]"
                value = rule.get("value")
                is_ecl = part.get("system") == _SNOMED and rule.get("property") == "constraint"
                if is_ecl and type(value) is str and not _looks_like_ecl(value):
                    out.append(Finding(f"{where}.value", "invalid", "is no expression constraint (ECL) of SNOMED CT"))
                _check_filter_expression(rule, where, out)


def _check_filter_expression(rule: dict[str, Any], where: str, out: Findings) -> None:
    part = rule.get("_value")
    for at, extension in enumerate(_objects(part.get("extension") if type(part) is dict else None)):
        expression = extension.get("valueExpression")
        if type(expression) is dict and expression.get("language") not in ("text/fhirpath", None):
            said = "the language of an expression in a value set must be text/fhirpath"
            out.append(Finding(f"{where}.value.extension[{at}].valueExpression.language", "business-rule", said))


_LONGEST_ECL = 10_000
_ECL_TOKEN = re.compile(
    r"""\s*(?:(?P<operand>(?:(?:<<!?|>>!?|<!?|>!?|!!<|!!>|\^|memberOf\b)\s*+)*+(?:[0-9]{6,18}(?:\s*\|[^|]*\|)?|\*))
    |(?P<join>AND\b|OR\b|MINUS\b|,)|(?P<open>[({\[])|(?P<close>[)}\]])|(?P<other>:|=|!=|\.|R\b|"[^"]*"|\#[\w.]+|[\w.-]+))""",
    re.VERBOSE | re.IGNORECASE,
)


def _looks_like_ecl(text: str) -> bool:
    """Tell whether brackets match and no two operands stand side by side; more of ECL is not known here."""
    depth, at, operand_before = 0, 0, False
    text = text.strip()
    if len(text) > _LONGEST_ECL:
        return True  # operators in a row are looked at again and again
    while at < len(text):
        match = _ECL_TOKEN.match(text, at)
        if match is None:
            return True  # beyond what is known here
        at = match.end()
        kind = match.lastgroup
        if kind == "operand" and operand_before:
            return False
        depth += (kind == "open") - (kind == "close")
        if depth < 0:
            return False
        operand_before = kind == "operand"
    return depth == 0


CONFORMANCE_RULES = {
    "Questionnaire": check_questionnaire,
    "CapabilityStatement": check_capability_statement,
    "SearchParameter": check_search_parameter,
    "CodeSystem": check_code_system,
    "ValueSet": check_value_set,
    "ElementDefinition.constraint": check_constraint,
    "Expression": check_expression,
}
"""By the name of the type."""
