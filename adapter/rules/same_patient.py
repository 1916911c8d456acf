"""Whether two messages that tell who a patient is mean the same person.

Used where a report comes in: it must not end with the case of somebody else. Nothing is decided by likeness alone:
what cannot be compared is said to be so.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from adapter.domain.parties import PatientIdentity
from adapter.domain.values import HumanName, Identifier, PartialDate
from adapter.fhir.systems import BSN, BSN_OID, KVNR, KVNR_OID, KVNR_PKV, NATIONAL_PATIENT_SYSTEMS

_SAME_SYSTEM: Final = {BSN_OID: BSN, KVNR_OID: KVNR, KVNR_PKV: KVNR}
_FULL_DATE: Final = len("2026-01-31")
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_SHARED: Final = re.compile(
    "af|al|am|av|da|das|de|del|den|der|di|do|dos|du|el|en|ende|het|in|la|le|los|op|te|ten|ter|und|van|vande|vander|"
    "vom|von|zu|zum|zur|dr|drs|ing|ir|med|mr|mrs|ms|prof|frau|herr|mevr|mevrouw|dhr|mw"
)
"""Particles and titles: words that the names of different people have in common."""
_LETTERS: Final = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "\u0131": "i"}
)
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})


class Likeness(Enum):
    """Whether two messages speak of the same person."""

    SAME = "same"
    OTHER = "other"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a comparison gave.

    Attributes:
        likeness: whether it is the same person.
        differing: what does not fit: "identifiers", "birth_date", "name".
    """

    likeness: Likeness
    differing: tuple[str, ...] = ()


def compare(one: PatientIdentity, other: PatientIdentity) -> Comparison:
    """Return whether two messages speak of the same person.

    A number that both name decides: the same one means the same person, another one somebody else. Without such a
    number the date of birth and the name must both fit; either of them, where it differs, means somebody else.
    A name differs when no word of it comes again, whatever the spelling of its accents; a married name is not enough.
    Contradictions (the same number, another date of birth) and what is not stated on both sides leave it unsure.
    """
    agree, differ, national = _numbers(one.identifiers, other.identifiers)
    born, named = _birth(one.birth_date, other.birth_date), _named(one.name, other.name)
    checks = {"identifiers": False if differ else None, "birth_date": born, "name": named}
    differing = tuple(what for what, fits in checks.items() if fits is False)
    if national or (differ and not agree):
        return Comparison(Likeness.OTHER, differing)
    if agree:
        doubtful = differ or born is False
        return Comparison(Likeness.UNSURE, differing) if doubtful else Comparison(Likeness.SAME)
    if differing:
        return Comparison(Likeness.OTHER, differing)
    is_full = len(str(one.birth_date)) == len(str(other.birth_date)) == _FULL_DATE
    return Comparison(Likeness.SAME if born and named and is_full else Likeness.UNSURE)


def _numbers(one: Iterable[Identifier], other: Iterable[Identifier]) -> tuple[bool, bool, bool]:
    """Return whether a system has a number in common, whether one has none, and whether that one is national."""
    mine, theirs = _by_system(one), _by_system(other)
    common = mine.keys() & theirs.keys()
    apart = {system for system in common if mine[system].isdisjoint(theirs[system])}
    return common != apart, bool(apart), not apart.isdisjoint(NATIONAL_PATIENT_SYSTEMS)


def _by_system(identifiers: Iterable[Identifier]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in identifiers:
        value = re.sub(r"\s", "", one.value).upper()
        found.setdefault(_SAME_SYSTEM.get(one.system, one.system), set()).add(value)
    return found


def _birth(one: PartialDate | None, other: PartialDate | None) -> bool | None:
    """Return whether the dates fit as far as both are known; None = one is not stated."""
    if one is None or other is None:
        return None
    known = min(len(one.text), len(other.text))
    return one.text[:known] == other.text[:known]


def _named(one: HumanName | None, other: HumanName | None) -> bool | None:
    """Return whether a word of the names comes again; None = not stated, initials only, or in different scripts."""
    mine, theirs = _words(one), _words(other)
    if not mine or not theirs:
        return None
    if not mine.isdisjoint(theirs):
        return True
    return False if _is_latin(mine) and _is_latin(theirs) else None


def _words(name: HumanName | None) -> frozenset[str]:
    """Return the words of a name in all the ways in which they are written without accents."""
    if name is None:
        return frozenset()
    text = unicodedata.normalize("NFC", " ".join(filter(None, (name.family, *name.given, name.text)))).casefold()
    spelled = (_plain(text), _plain(text.translate(_UMLAUTS)))
    return frozenset(word for one in spelled for word in _WORD.findall(one) if not _SHARED.fullmatch(word))


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _is_latin(words: frozenset[str]) -> bool:
    return all("a" <= letter <= "z" for word in words for letter in word)
