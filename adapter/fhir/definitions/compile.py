"""Build step: the official R4 package in, one small file with the same bytes every time out.

    python -m adapter.fhir.definitions.compile PACKAGE.tgz OUT.json.gz

https://hl7.org/fhir/R4/structuredefinition.html
"""

import gzip
import json
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from adapter.fhir.definitions.constraints import Constraints
from adapter.fhir.definitions.expansion import Terminology
from adapter.fhir.definitions.extensions import compile_extension, value_sets_of

_FHIR_TYPE = "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type"
_CORE = "http://hl7.org/fhir/StructureDefinition/"
_BINDINGS_KEPT = ("required", "extensible")
_MAX_VALUE_SET = "http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet"


def compile_package(package: Path) -> bytes:
    """Return the compiled definitions of an R4 package (gzip of JSON, keys sorted, no time stamp)."""
    content = list(_resources(package))
    terminology = Terminology(content)
    structures = [one for one in content if one["resourceType"] == "StructureDefinition" and "snapshot" in one]
    by_url = {one["url"]: one for one in structures}
    constraints = Constraints()
    types: dict[str, Any] = {}
    for structure in structures:
        if _is_type(structure):
            types.update(_compile_type(structure, constraints, by_url))
    extensions = {one["url"]: compile_extension(one) for one in structures if _is_extension(one)}
    parameters = {
        one["url"]: [one["code"], one["type"], one.get("base", [])]
        for one in content
        if one["resourceType"] == "SearchParameter"
    }
    used = sorted(
        {e["binding"][1] for packed in types.values() for e in packed["elements"] if "binding" in e}
        | {url for extension in extensions.values() for url in value_sets_of(extension)}
    )
    expanded = {url: codes for url in used if (codes := terminology.expand(url)) is not None}
    compiled = {
        "fhirVersion": "4.0.1",
        "types": types,
        "valueSets": expanded,
        "codeSystems": terminology.complete_systems(),
        "constraints": constraints.packed(),
        "extensions": extensions,
        "profiles": {one["url"]: one["type"] for one in structures if one["kind"] == "resource"},
        "searchParameters": parameters,
    }
    raw = json.dumps(compiled, sort_keys=True, separators=(",", ":")).encode()
    return gzip.compress(raw, compresslevel=9, mtime=0)


def _resources(package: Path) -> Iterator[dict[str, Any]]:
    wanted = tuple(f"package/{name}-" for name in ("StructureDefinition", "ValueSet", "CodeSystem", "SearchParameter"))
    with tarfile.open(package) as archive:
        for member in sorted(archive, key=lambda one: one.name):
            if member.name.startswith(wanted) and (file := archive.extractfile(member)) is not None:
                yield json.load(file)


def _is_type(structure: dict[str, Any]) -> bool:
    derived = structure.get("derivation") == "constraint"
    return structure["kind"] in ("resource", "complex-type") and not derived


def _is_extension(structure: dict[str, Any]) -> bool:
    return structure["type"] == "Extension" and structure.get("derivation") == "constraint"


def _compile_type(structure: dict[str, Any], constraints: Constraints, by_url: dict[str, Any]) -> dict[str, Any]:
    """Return the type and its backbone elements, each by name."""
    name = structure["type"]
    base = structure.get("baseDefinition")
    kind = "resource" if structure["kind"] == "resource" else "datatype"
    found: dict[str, Any] = {
        name: {
            "kind": kind,
            "base": base.removeprefix(_CORE) if base else None,
            "abstract": structure["abstract"],
            "elements": [],
            "constraints": constraints.of_type(structure["snapshot"]["element"][0]),
        },
    }
    elements = structure["snapshot"]["element"][1:]
    parents = {element["path"].rpartition(".")[0] for element in elements}
    for element in elements:
        path = element["path"]
        parent, _, last = path.rpartition(".")
        backbone = path in parents
        if backbone:
            base = element["type"][0]["code"]
            found[path] = {
                "kind": "backbone",
                "base": base,
                "abstract": False,
                "elements": [],
                "constraints": constraints.of_type(element),
            }
        if element["max"] == "0":
            continue
        packed = _compile_element(element, last, path if backbone else None, kind)
        own = [] if backbone else constraints.of_element(element)
        for entry in element.get("type", ()):
            for url in entry.get("profile", ()):
                own += constraints.of_profile(by_url[url], by_url[_CORE + entry["code"]])
        if own:
            packed["constraints"] = own
        found[parent]["elements"].append(packed)
    return found


def _compile_element(element: dict[str, Any], last: str, backbone: str | None, kind: str) -> dict[str, Any]:
    packed: dict[str, Any] = {"name": last.removesuffix("[x]")}
    if element["min"]:
        packed["min"] = element["min"]
    if element["max"] != "1":
        packed["repeats"] = True
    if last.endswith("[x]"):
        packed["choice"] = True
    if "xmlAttr" in element.get("representation", ()):
        packed["attribute"] = True
    if backbone:
        packed["types"] = [backbone]
    elif "contentReference" in element:
        packed["types"] = [element["contentReference"].removeprefix("#")]
    else:
        # R4 types Resource.id as a string; its own text and the id type say what it is.
        is_resource_id = kind == "resource" and element["path"].count(".") == 1 and last == "id"
        packed["types"] = ["id"] if is_resource_id else [_type_code(entry) for entry in element["type"]]
        targets = {
            target.removeprefix(_CORE)
            for entry in element["type"]
            if entry["code"] == "Reference"
            for target in entry.get("targetProfile", ())
        }
        if targets and "Resource" not in targets:
            packed["targets"] = sorted(targets)
    if (binding := _binding(element)) is not None:
        packed["binding"] = binding
    return packed


def _binding(element: dict[str, Any]) -> list[str] | None:
    binding = element.get("binding", {})
    if binding.get("strength") in _BINDINGS_KEPT and "valueSet" in binding:
        return [binding["strength"], binding["valueSet"].partition("|")[0]]
    for extension in binding.get("extension", ()):
        if extension["url"] == _MAX_VALUE_SET and element["type"][0]["code"] == "code":
            return ["required", extension["valueCanonical"].partition("|")[0]]  # a code cannot be anything else
    return None


def _type_code(entry: dict[str, Any]) -> str:
    for extension in entry.get("extension", ()):
        if extension["url"] == _FHIR_TYPE:
            return str(extension["valueUrl"])
    code = str(entry["code"])
    return "string" if code.startswith("http://hl7.org/fhirpath/") else code


def main(package: str, out: str) -> None:
    """Compile `package` and write the result to `out`."""
    Path(out).write_bytes(compile_package(Path(package)))


if __name__ == "__main__":
    main(*sys.argv[1:])
