"""Extensions that R4 itself defines: where they may stand, and what they may hold.

Where an extension stands is known only when its whole path is, so the check of an Extension leaves a note behind, and
the note is answered at the end.
https://hl7.org/fhir/R4/defining-extensions.html#context
"""

from typing import Any

from adapter.fhir.definitions.model import Binding, ExtensionDefinition, ExtensionPart
from adapter.fhir.definitions.registry import definitions
from adapter.fhir.fhirpath import Environment, FhirPathError, compile_expression
from adapter.fhir.fhirpath.model import is_a
from adapter.fhir.validate.bindings import codes_of, coding_check, said_of
from adapter.fhir.validate.earlier_versions import check_earlier
from adapter.fhir.validate.findings import Finding, Findings, put_before
from adapter.fhir.validate.place import Place, place_of

_HL7 = "http://hl7.org/fhir/"
CORE = f"{_HL7}StructureDefinition/"
_ANY_VALUE = ("value", "_value")


class PendingExtension(Finding):
    """A note that an extension of R4 stands here; it is not yet known whether it may."""

    __slots__ = ("extension",)

    def __init__(self, extension: dict[str, Any]) -> None:
        super().__init__("", "pending", "")
        self.extension = extension


def note_extension(extension: dict[str, Any], out: Findings) -> None:
    """Leave a note where R4 may have a definition of the extension."""
    url = extension.get("url")
    if type(url) is str and url.startswith(_HL7):
        out.append(PendingExtension(extension))


def answered(out: Findings, resource: dict[str, Any]) -> Findings:
    """Return the findings with every note replaced by what is wrong with its extension."""
    if all(finding.__class__ is not PendingExtension for finding in out):
        return out
    found: Findings = []
    for finding in out:
        if isinstance(finding, PendingExtension):
            found += _check(finding, resource)
        else:
            found.append(finding)
    return found


def _check(note: PendingExtension, resource: dict[str, Any]) -> Findings:
    out: Findings = []
    owner_path, _, last = note.path.rpartition(".")
    as_modifier = last.startswith("modifierExtension")
    definition = definitions().extension(note.extension["url"])
    if check_earlier(note.extension, as_modifier=as_modifier, out=out):
        pass
    elif definition is None:
        if as_modifier and note.extension["url"].startswith(CORE):
            said = "R4 does not define this extension, and one that changes the meaning must be understood"
            out.append(Finding("", "extension", said))
        elif note.extension["url"].startswith(CORE):
            said = "R4 does not define this extension; if a later extension pack does, it cannot be checked here"
            out.append(Finding("", "extension", said, "warning"))
    else:
        _check_content(note.extension, definition.content, out)
        _check_kind(definition, out, as_modifier=as_modifier)
        if "Element" not in definition.on or definition.when:
            place = place_of(resource, owner_path)
            if place is not None:
                _check_place(definition, place, out)
    put_before(out, 0, note.path)
    return out


def _check_kind(definition: ExtensionDefinition, out: Findings, *, as_modifier: bool) -> None:
    if definition.modifier != as_modifier:
        said = "modifierExtension" if definition.modifier else "extension, for it does not change the meaning"
        out.append(Finding("", "extension", f"this extension must stand in {said}"))


def _check_place(definition: ExtensionDefinition, place: Place, out: Findings) -> None:
    allowed = definition.on
    # "Element" means anywhere, also on resources
    if not ("Element" in allowed or any(is_a(place.type, one) for one in allowed) or allowed & place.names):
        where = ", ".join(sorted(allowed))
        out.append(Finding("", "extension", f"this extension has no place here, it belongs on: {where}"))
        return
    for expression in definition.when:
        try:
            this = [place.node]
            holds = compile_expression(expression).truth(this, Environment(this))
        except (FhirPathError, ArithmeticError):
            continue  # some use %extension, which is not known here
        if holds is False:
            out.append(Finding("", "extension", f"this extension belongs here only if: {expression}"))


def _check_content(extension: dict[str, Any], part: ExtensionPart, out: Findings) -> None:
    values = [key for key in extension if key.startswith(_ANY_VALUE)]
    for key in values:
        name = key.removeprefix("_")
        if not any(name == "value" + code[:1].upper() + code[1:] for code in part.values):
            said = f"must be one of: {', '.join(sorted(part.values))}" if part.values else "must not be there"
            out.append(Finding(f".{name}", "extension", f"the value of this extension {said}"))
    if part.value_set is not None:
        _check_code(extension, part.value_set, out)
    inner = extension.get("extension")
    if not part.parts or type(inner) is not list:
        return
    _check_parts(inner, part, out)


def _check_code(extension: dict[str, Any], value_set: str, out: Findings) -> None:
    """Check the value of an extension whose definition demands a code of a value set."""
    binding = Binding("required", value_set)
    codes = codes_of(binding)
    code = extension.get("valueCode")
    if codes is not None and type(code) is str and code not in codes:
        out.append(Finding(".valueCode", "code-invalid", f"must be {said_of(codes, value_set)}"))
    for key in ("valueCoding", "valueCodeableConcept"):
        value, check = extension.get(key), coding_check(binding, concept=key == "valueCodeableConcept")
        if check is not None and type(value) is dict:
            start = len(out)
            check(value, out)
            put_before(out, start, f".{key}")


def _check_parts(inner: list[Any], part: ExtensionPart, out: Findings) -> None:
    counts = dict.fromkeys(part.parts, 0)
    for at, one in enumerate(inner):
        url = one.get("url") if type(one) is dict else None
        if type(url) is not str:
            continue
        known = part.parts.get(url)
        if known is not None:
            counts[url] += 1
            start = len(out)
            _check_content(one, known, out)
            put_before(out, start, f".extension[{at}]")
        elif ":" not in url:
            said = f"is no part of this extension; it has: {', '.join(sorted(part.parts))}"
            out.append(Finding(f".extension[{at}].url", "extension", said))
    for url, known in part.parts.items():
        if counts[url] < known.minimum:
            out.append(Finding(".extension", "extension", f"the part {url} must be there"))
        elif known.maximum is not None and counts[url] > known.maximum:
            out.append(Finding(".extension", "extension", f"the part {url} may be there {known.maximum} time(s) only"))
