"""Gives the definition of a type, or the codes of a value set, out of the compiled R4 package; read at first use."""

import gzip
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from adapter.fhir.definitions.model import (
    Binding,
    Constraint,
    Element,
    ExtensionDefinition,
    ExtensionPart,
    SearchParameter,
    TypeDefinition,
)

ARTEFACT = Path(__file__).with_name("r4-4.0.1.json.gz")


class Definitions:
    """The compiled package; types are unpacked one by one, when somebody asks for them."""

    def __init__(self, compiled: dict[str, Any]) -> None:
        self._types: dict[str, Any] = compiled["types"]
        self._value_sets: dict[str, dict[str, list[str]]] = compiled["valueSets"]
        self._constraints = [Constraint(*one) for one in compiled["constraints"]]
        self._extensions: dict[str, Any] = compiled["extensions"]
        self._parameters: dict[str, Any] = compiled["searchParameters"]
        self._profiles: dict[str, str] = compiled["profiles"]
        self._systems: dict[str, list[str]] = compiled["codeSystems"]
        self._unpacked_systems: dict[str, frozenset[str]] = {}
        self._unpacked_extensions: dict[str, ExtensionDefinition] = {}
        self._unpacked: dict[str, TypeDefinition] = {}
        self._codes: dict[str, dict[str, frozenset[str]]] = {}
        self.version: str = compiled["fhirVersion"]
        self.resource_types: frozenset[str] = frozenset(
            name for name, packed in self._types.items() if packed["kind"] == "resource" and not packed["abstract"]
        )

    def __contains__(self, name: str) -> bool:
        return name in self._types

    def names(self) -> list[str]:
        """Return the names of all types, backbone elements included."""
        return list(self._types)

    def type(self, name: str) -> TypeDefinition:
        """Return the definition of a type.

        Raises:
            KeyError: R4 has no such type.
        """
        found = self._unpacked.get(name)
        if found is None:
            found = self._unpacked[name] = _unpack(name, self._types[name], self._constraints)
        return found

    def codes(self, value_set: str) -> dict[str, frozenset[str]] | None:
        """Return the codes of a value set by system; None where R4 does not hold them (SNOMED CT, UCUM, ...)."""
        found = self._codes.get(value_set)
        if found is None:
            packed = self._value_sets.get(value_set)
            if packed is None:
                return None
            found = self._codes[value_set] = {system: frozenset(codes) for system, codes in packed.items()}
        return found

    def code_system(self, url: str) -> frozenset[str] | None:
        """Return the codes of a code system of HL7; None where R4 does not hold it as a whole."""
        found = self._unpacked_systems.get(url)
        if found is None and url in self._systems:
            found = self._unpacked_systems[url] = frozenset(self._systems[url])
        return found

    def profiled_type(self, url: str) -> str | None:
        """Return the type that a URL of R4 profiles, or the type itself by its own URL; None for all other URLs."""
        return self._profiles.get(url)

    def extension(self, url: str) -> ExtensionDefinition | None:
        """Return the definition of an extension; None where R4 itself has none with this URL."""
        packed = self._extensions.get(url)
        if packed is None or url in self._unpacked_extensions:
            return self._unpacked_extensions.get(url)
        found = self._unpacked_extensions[url] = ExtensionDefinition(
            url=url,
            on=frozenset(packed["on"]),
            modifier=packed.get("modifier", False),
            when=tuple(packed.get("when", ())),
            content=_unpack_part(packed),
        )
        return found

    def search_parameter(self, url: str) -> SearchParameter | None:
        """Return the search parameter with a canonical URL; None where R4 has none."""
        packed = self._parameters.get(url)
        return None if packed is None else SearchParameter(packed[0], packed[1], frozenset(packed[2]))

    def constraints(self) -> list[Constraint]:
        """Return all constraints of all types, each once."""
        return list(self._constraints)


@cache
def definitions() -> Definitions:
    """Return the definitions of R4 4.0.1; the file is read once in a process."""
    return Definitions(orjson.loads(gzip.decompress(ARTEFACT.read_bytes())))


def _unpack_part(packed: dict[str, Any]) -> ExtensionPart:
    most = packed.get("max", "*")
    return ExtensionPart(
        values=frozenset(packed.get("values", ())),
        parts={url: _unpack_part(part) for url, part in packed.get("parts", {}).items()},
        minimum=packed.get("min", 0),
        maximum=None if most == "*" else int(most),
        value_set=packed.get("binding"),
    )


def _unpack(name: str, packed: dict[str, Any], constraints: list[Constraint]) -> TypeDefinition:
    return TypeDefinition(
        name=name,
        kind=packed["kind"],
        base=packed["base"],
        abstract=packed["abstract"],
        elements=tuple(
            Element(
                name=element["name"],
                minimum=element.get("min", 0),
                repeats=element.get("repeats", False),
                types=tuple(element["types"]),
                choice=element.get("choice", False),
                targets=frozenset(element.get("targets", ())),
                binding=Binding(*element["binding"]) if "binding" in element else None,
                attribute=element.get("attribute", False),
                constraints=tuple(constraints[number] for number in element.get("constraints", ())),
            )
            for element in packed["elements"]
        ),
        constraints=tuple(constraints[number] for number in packed["constraints"]),
    )
