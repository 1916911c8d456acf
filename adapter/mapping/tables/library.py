"""Loads what tables share: the ConceptMaps and the list of identifier systems in `mappings/codes`.

https://hl7.org/fhir/R4/conceptmap.html
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import orjson

from adapter.base.errors import Problem, SetupError
from adapter.mapping.tables.cells import known_as, read_cells
from adapter.mapping.tables.codes import CodeMap, Counterpart, Group
from adapter.mapping.tables.identifier_systems import IdentifierSystems, as_uri

SYSTEM_COLUMNS: Final = ("namespace", "type", "system", "note")
_EQUIVALENCES: Final = frozenset(
    {
        "relatedto",
        "equivalent",
        "equal",
        "wider",
        "subsumes",
        "narrower",
        "specializes",
        "inexact",
        "unmatched",
        "disjoint",
    }
)
_NO_TARGET: Final = frozenset({"unmatched", "disjoint"})


@dataclass(frozen=True, slots=True)
class Library:
    """What tables share: ConceptMaps by name, and identifier systems.

    Attributes:
        kept: what was read and compiled for one table and is the same for the next; only the loader knows it.
    """

    maps: Mapping[str, CodeMap] = field(default_factory=dict)
    systems: IdentifierSystems = field(default_factory=IdentifierSystems)
    kept: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)


def load_library(folder: Path) -> Library:
    """Load `ConceptMap-*.json` and `identifier-systems.csv` of a folder; either may be missing.

    Raises:
        SetupError: files are wrong; all problems are named with their file, and their line or place.
    """
    problems: list[Problem] = []
    maps = {}
    for file in sorted(folder.glob("ConceptMap-*.json")):
        name = file.stem.removeprefix("ConceptMap-")
        maps[name] = _load_map(file, name, problems)
    shipped: Mapping[tuple[str, str], str] = {}
    systems = folder / "identifier-systems.csv"
    if systems.exists():
        shipped = _load_systems(systems, problems)
    if problems:
        raise SetupError("the shared codes are wrong", problems=problems)
    return Library(maps, IdentifierSystems(shipped=shipped))


def with_own_systems(library: Library, file: Path) -> IdentifierSystems:
    """Return the library's identifier systems with those of a hospital's `identifiers.csv` before them.

    Raises:
        SetupError: the file is wrong; all problems are named with their line.
    """
    problems: list[Problem] = []
    own = _load_systems(file, problems)
    if problems:
        raise SetupError("the identifier systems are wrong", problems=problems)
    return replace(library.systems, own=own)


def _load_systems(file: Path, problems: list[Problem]) -> dict[tuple[str, str], str]:
    rows: dict[tuple[str, str], str] = {}
    for where, (namespace, kind, system, _note) in read_cells(file, SYSTEM_COLUMNS, problems):
        key = (namespace.lower(), kind.lower())
        if key == ("", ""):
            problems.append(Problem("a row names a namespace, a type, or both", where))
        elif as_uri(system) != system:
            problems.append(Problem("the system is a URI such as urn:oid:1.2.3 or http://hospital.example/mrn", where))
        elif key in rows:
            problems.append(Problem("there is a row for this namespace and type already", where))
        else:
            rows[key] = system
    return rows


def _load_map(file: Path, name: str, problems: list[Problem]) -> CodeMap:
    where = known_as(file)
    try:
        resource = orjson.loads(file.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        problems.append(Problem("the file is no JSON", where))
        return CodeMap(name)
    if not isinstance(resource, dict) or resource.get("resourceType") != "ConceptMap":
        problems.append(Problem("the file is a ConceptMap resource of FHIR R4", where))
        return CodeMap(name)
    groups = []
    for number, raw in enumerate(resource.get("group", ())):
        try:
            groups.append(_group(raw))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            said = str(error) if type(error) is ValueError else "an element is missing or has the wrong type"
            problems.append(Problem(said, f"{where}#/group/{number}"))
    return CodeMap(name, tuple(groups), str(resource.get("title", "")))


def _group(raw: Mapping[str, Any]) -> Group:
    target = raw.get("target")
    entries: dict[str, Counterpart] = {}
    for element in raw["element"]:
        code = element["code"]
        if code in entries:
            raise ValueError(f"code {code} comes twice: join its targets")
        entries[code] = _counterpart(code, element.get("target", ()), target)
    otherwise, keeps = None, False
    if (unmapped := raw.get("unmapped")) is not None:
        match unmapped["mode"]:
            case "provided":
                keeps = True
            case "fixed":
                otherwise = Counterpart(unmapped["code"], target, unmapped.get("display"), "inexact", "any other code")
            case _:
                raise ValueError("unmapped.mode is provided or fixed here")
    return Group(raw.get("source"), entries, _folded(entries), otherwise, keeps, target)


def _counterpart(code: str, targets: Iterable[Mapping[str, Any]], system: str | None) -> Counterpart:
    several = list(targets)
    if len(several) != 1:
        raise ValueError(f"code {code} has exactly one target here; unmatched where we have no code for it")
    one = several[0]
    equivalence = one["equivalence"]
    if equivalence not in _EQUIVALENCES:
        raise ValueError(f"code {code}: the equivalence is one of {', '.join(sorted(_EQUIVALENCES))}")
    if (equivalence in _NO_TARGET) != ("code" not in one):
        raise ValueError(f"code {code}: a target has a code, unless it is unmatched or disjoint")
    return Counterpart(one.get("code"), system, one.get("display"), equivalence, one.get("comment", ""))


def _folded(entries: Mapping[str, Counterpart]) -> Mapping[str, Counterpart]:
    """Return the entries by their codes in lower case, without those that differ in the case alone."""
    folded: dict[str, Counterpart | None] = {}
    for code, counterpart in entries.items():
        lower = code.lower()
        folded[lower] = None if lower in folded else counterpart
    return {code: counterpart for code, counterpart in folded.items() if counterpart is not None}
