"""The hospitals that are known here, and which of them a message or an organisation is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from adapter.base.errors import Problem, SetupError
from adapter.domain.parties import Organization
from adapter.intake.hospitals.folder import PROFILE, Hospital, load_hospital
from adapter.intake.hospitals.profile import Profile, folded, read_profile
from adapter.intake.hospitals.sender import Sender, marks_of
from adapter.intake.hospitals.toml_file import read_toml
from adapter.mapping.tables.identifier_systems import IdentifierSystems
from adapter.mapping.tables.library import Library
from adapter.mapping.tables.table import Table

FOLDER: Final = "hospitals"


@dataclass(frozen=True, slots=True)
class Hospitals:
    """The loaded folders.

    Attributes:
        by_name: by the name of the folder.
        replaced: names of shipped folders in whose place a private one stands.
        systems: which URI an OID stands for.
    """

    by_name: Mapping[str, Hospital] = field(default_factory=dict)
    replaced: tuple[str, ...] = ()
    systems: IdentifierSystems = field(default_factory=IdentifierSystems)

    def named(self, name: str) -> Hospital:
        """Return a hospital by the name of its folder.

        Raises:
            SetupError: there is none of this name.
        """
        found = self.by_name.get(name)
        if found is None:
            known = ", ".join(sorted(self.by_name)) or "none"
            raise SetupError(f"there is no hospital of this name; there are: {known}", where=f"hospital {name}")
        return found

    def sending(self, sender: Sender) -> Hospital | None:
        """Return the hospital that sent a message; None = none is known by what the message says of its sender."""
        return next((one for one in self.by_name.values() if sender.is_known_by(one.profile.recognised)), None)

    def known_as(self, organization: Organization) -> Hospital | None:
        """Return the hospital that an organisation is, by its name or identifiers; None = it has no folder."""
        name = self.token(organization)
        return self.by_name[name] if name is not None else None

    def token(self, organization: Organization) -> str | None:
        """Return the name of the hospital that an organisation is; None = it has no folder."""
        return token_of((one.profile for one in self.by_name.values()), organization, self.systems)


def token_of(
    profiles: Iterable[Profile], organization: Organization, systems: IdentifierSystems | None = None
) -> str | None:
    """Return the name of the hospital that an organisation is, by its name and identifiers; None = none of these.

    Args:
        profiles: of the hospitals.
        organization: the organisation.
        systems: which URI an OID stands for; None = only URIs are known.
    """
    known = systems or IdentifierSystems()
    identifiers = frozenset(mark for one in organization.identifiers for mark in marks_of(one.system, one.value, known))
    sender = Sender(frozenset([folded(organization.name)] if organization.name else []), identifiers)
    return next((one.name for one in profiles if sender.is_known_by(one.recognised)), None)


def read_profiles(folder: Path) -> tuple[Profile, ...]:
    """Read the profiles in a folder of hospitals and nothing else of them.

    Raises:
        SetupError: a profile is wrong; every problem is named with its file and line.
    """
    problems: list[Problem] = []
    found: list[Profile] = []
    for file in sorted(folder.glob(f"*/{PROFILE}")):
        part = read_toml(file)
        found.append(read_profile(part, file.parent.name))
        problems += part.problems
    if problems:
        raise SetupError("the folders of the hospitals are wrong", problems=problems)
    return tuple(found)


def load_hospitals(folders: Iterable[Path], *, intake: Path, tables: Iterable[Table], library: Library) -> Hospitals:
    """Load every hospital in some folders; the later folder's wins where two have the same name.

    Args:
        folders: each with a folder per hospital.
        intake: `mappings/intake`.
        tables: the shipped ones.
        library: the shared codes and identifier systems.

    Raises:
        SetupError: a folder is missing or wrong; every problem of every hospital is named.
    """
    problems: list[Problem] = []
    lying: dict[str, Path] = {}
    replaced: list[str] = []
    for folder in folders:
        if not folder.is_dir():
            raise SetupError("there is no such folder", where=str(folder))
        for file in sorted(folder.glob(f"*/{PROFILE}")):
            if file.parent.name in lying:
                replaced.append(file.parent.name)
            lying[file.parent.name] = file.parent
    found: dict[str, Hospital] = {}
    tables = tuple(tables)
    for name, folder in sorted(lying.items()):
        try:
            found[name] = load_hospital(folder, intake, tables, library)
        except SetupError as wrong:
            problems += wrong.problems
    problems += _taken_twice(found.values())
    if problems:
        raise SetupError("the folders of the hospitals are wrong", problems=problems)
    return Hospitals(found, tuple(replaced), library.systems)


def _taken_twice(hospitals: Iterable[Hospital]) -> Iterable[Problem]:
    """Yield where two hospitals are known by the same: nobody could tell whose rows to hear."""
    owners: dict[object, str] = {}
    for one in hospitals:
        known = one.profile.recognised
        for mark in (*known.names, *known.identifiers, *known.hl7v2):
            other = owners.setdefault(mark, one.name)
            if other != one.name:
                text = f"recognise: {other} is known by the same name or identifier"
                yield Problem(text, f"{FOLDER}/{one.name}/{PROFILE}")
