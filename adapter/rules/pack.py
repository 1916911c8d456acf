"""A folder of packs → Packs, read and checked once at the start; every fault is named with file and line."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

from adapter.base.errors import SetupError
from adapter.rules.entry import Entry, empty
from adapter.rules.located import Findings, Mapped, read_located
from adapter.rules.pack_model import Pack, Packs, editions
from adapter.rules.pack_reading import read_pack
from adapter.rules.pack_shared import (
    Shared,
    read_payers,
    read_procedures,
    read_vocabulary,
    rules_by_id,
)
from adapter.rules.vocabulary import Vocabulary

__all__ = ["Pack", "Packs", "load_packs", "pack_folders"]

PACK_FORMAT = "second-opinion-rules/1"
_SHARED = "shared"
_FORMATS = {
    "vocabulary.yaml": "second-opinion-vocabulary/1",
    "payers.yaml": "second-opinion-payers/1",
    "procedures.yaml": "second-opinion-procedures/1",
    "rules.yaml": "second-opinion-rules/1",
}


def load_packs(folder: Path, *private: Path) -> Packs:
    """Read all packs below `folder`, and below the private folders, whose packs replace shipped ones of the same id.

    A pack is `<name>/pack*.yaml`; what several packs use stands in `shared/`. A private folder needs no `shared/` of
    its own; what it has there adds to the shipped parts.

    Raises:
        SetupError: with every fault found, each at `<name>/pack.yaml:<line>`.
    """
    findings = Findings()
    if not folder.is_dir():
        raise SetupError("there is no folder of rule packs here", where=folder.name)
    shared = _Library(findings)
    by_id: dict[str, list[Pack]] = {}
    for place in (folder, *private):
        shared.add(place)
        found = editions(_read_packs(place, shared.parts(), findings))
        _check_editions(found.values(), findings)
        by_id.update(found)
    if not by_id:
        findings.add("there is no pack here: a pack is <name>/pack.yaml", folder.name)
    findings.raise_as(SetupError, "the rule packs cannot be used")
    return Packs([pack for packs in by_id.values() for pack in packs], shared.parts().vocabulary)


def pack_folders(folder: Path) -> Iterator[Path]:
    """Return the folders that hold packs, by name; `shared` is none."""
    return (place for place in sorted(folder.iterdir()) if place.is_dir() and place.name != _SHARED)


def _read_packs(folder: Path, shared: Shared, findings: Findings) -> Iterator[Pack]:
    for place in pack_folders(folder):
        for file in sorted(place.glob("pack*.yaml")):
            document = _document(file, folder, PACK_FORMAT, "pack", findings)
            if document is not None:
                yield read_pack(document, shared)


def _document(file: Path, folder: Path, form: str, name: str, findings: Findings) -> Entry | None:
    label = file.relative_to(folder).as_posix()
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        findings.add("this file cannot be read as UTF-8 text", label)
        return None
    content = read_located(text, label, findings)
    if not isinstance(content, Mapped):
        findings.add(f"this is no {form} document", label)
        return None
    entry = Entry(content, label, findings, name)
    if entry.members.get("format") != form:
        entry.add(f"format must be {form}", "format")
        return None
    return entry


def _check_editions(packs: Iterable[list[Pack]], findings: Findings) -> None:
    for dated in packs:
        for earlier, later in pairwise(dated):
            if (earlier.valid_to or date.max) >= later.valid_from:
                text = (
                    f"{later.id} is also valid in {earlier.file}; give that edition a valid_to before this valid_from"
                )
                findings.add(text, later.file)


class _Library:
    """The shared parts, gathered from one folder after the other."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._parts = Shared(vocabulary=Vocabulary({}, {}))

    def parts(self) -> Shared:
        """Return what has been gathered so far."""
        return self._parts

    def add(self, folder: Path) -> None:
        """Add the parts of `folder`; the first folder must bring the vocabulary, which no later one may change."""
        first = not self._parts.vocabulary.facts
        vocabulary = self._parts.vocabulary
        if first:
            vocabulary = read_vocabulary(self._part(folder, "vocabulary.yaml", required=True))
            self._findings.raise_as(SetupError, "the vocabulary of the rule packs cannot be used")
        payers = self._part(folder, "payers.yaml")
        procedures = self._part(folder, "procedures.yaml")
        self._parts = Shared(
            vocabulary=vocabulary,
            payers={**self._parts.payers, **{name: read_payers(payers, name) for name in _lists(payers)}},
            procedures={
                **self._parts.procedures,
                **{name: read_procedures(procedures, name) for name in _lists(procedures)},
            },
            rules={**self._parts.rules, **rules_by_id(self._part(folder, "rules.yaml"))},
        )

    def _part(self, folder: Path, name: str, *, required: bool = False) -> Entry:
        file = folder / _SHARED / name
        nothing = Entry(empty(), f"{_SHARED}/{name}", self._findings, name)
        if not file.is_file():
            if required:
                self._findings.add("this file is missing", f"{_SHARED}/{name}")
            return nothing
        return _document(file, folder, _FORMATS[name], name.removesuffix(".yaml"), self._findings) or nothing


def _lists(document: Entry) -> list[str]:
    return [key for key in document.members if key != "format"]
