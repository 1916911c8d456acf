"""The input parameters of $validate: `resource`, `mode`, `profile`, `usageContext`, in a Parameters resource.

https://hl7.org/fhir/R4/resource-operation-validate.html; `usageContext` and canonical profiles come from R5.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from adapter.base.errors import Invalid, Problem
from adapter.fhir.resource import Resource

MODES: Final = ("create", "update", "delete", "profile")
_VALUES: Final = {
    "mode": ("valueCode", "valueString"),
    "profile": ("valueUri", "valueCanonical", "valueUrl", "valueString"),
}
_KNOWN: Final = ("resource", *_VALUES, "usageContext")
_MOST_PARAMETERS: Final = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class ValidationParameters:
    """What is asked.

    Attributes:
        resource: to be judged; None = none was sent.
        place: FHIRPath of the resource in what was sent; None = it is all that was sent.
        mode: None = not said.
        profiles: canonical URLs.
        remarks: on what was sent and is not looked at.
    """

    resource: Any = None
    place: str | None = None
    mode: str | None = None
    profiles: tuple[str, ...] = ()
    remarks: tuple[Problem, ...] = ()


def has_resource(sent: Resource) -> bool:
    """Tell whether a Parameters resource carries a `resource` to be judged."""
    return any(part.get("name") == "resource" for _, part in _parts(sent))


def read_parameters(sent: Resource) -> ValidationParameters:
    """Return what a Parameters resource asks.

    Raises:
        Invalid: with every parameter that is unknown, repeated or without the value that it should have.
    """
    problems: list[Problem] = []
    found: dict[str, list[Any]] = {name: [] for name in _KNOWN}
    place = None
    stated = sent.get("parameter", [])
    if type(stated) is not list or len(stated) > _MOST_PARAMETERS:
        raise Invalid(f"`parameter` is a list of at most {_MOST_PARAMETERS}", where="Parameters.parameter")
    for index, part in enumerate(stated):
        where = f"Parameters.parameter[{index}]"
        name = part.get("name") if type(part) is dict else None
        if type(name) is not str or name not in _KNOWN:
            known = ", ".join(_KNOWN)
            said = f"is no parameter of $validate; known are {known}. Put Parameters to be judged into `resource`"
            problems.append(Problem(said, where, "not-supported"))
        elif name == "resource":
            place = f"{where}.resource"
            if type(part.get("resource")) is not dict:
                problems.append(Problem("`resource` has its value in `resource`", where, "required"))
            found[name].append(part.get("resource"))
        elif name == "usageContext":
            found[name].append(part)
        else:
            _take_text(name, part, where, found, problems)
    problems += [
        Problem(f"`{name}` may be given once", "Parameters.parameter", "structure")
        for name in ("resource", "mode")
        if len(found[name]) > 1
    ]
    if problems:
        raise Invalid("the parameters of $validate are wrong", problems=problems)
    ignored = Problem("usageContext is not looked at here", "Parameters", "not-supported", "information")
    return ValidationParameters(
        resource=next(iter(found["resource"]), None),
        place=place,
        mode=next(iter(found["mode"]), None),
        profiles=tuple(found["profile"]),
        remarks=(ignored,) if found["usageContext"] else (),
    )


def _take_text(name: str, part: Any, where: str, found: dict[str, list[Any]], problems: list[Problem]) -> None:
    value = next((part[key] for key in _VALUES[name] if key in part), None)
    if type(value) is str and value:
        found[name].append(value)
    else:
        problems.append(Problem(f"`{name}` has its value in {' or '.join(_VALUES[name][:2])}", where, "required"))


def _parts(sent: Resource) -> Iterator[tuple[int, dict[str, Any]]]:
    stated = sent.get("parameter")
    for index, part in enumerate(stated if type(stated) is list else ()):
        if type(part) is dict:
            yield index, part
