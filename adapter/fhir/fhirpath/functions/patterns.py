"""Regular expressions of `matches` and its kin: compiled once, with how long a text each may be tried on.

https://hl7.org/fhirpath/N1/#matchesregex-string-boolean
Python's engine tries one way after the other, so that some expressions take time that grows with a power of the text,
and nested ones, `(a+)+`, time that doubles with each character. Nothing can stop it once it runs. So the expression is
looked at before: what may double is refused, what may grow with a power gets shorter texts.
"""

import re
import warnings
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeAlias

from adapter.fhir.fhirpath.environment import TooCostlyError
from adapter.fhir.fhirpath.syntax import FhirPathError

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    from re import _compiler as compiler  # type: ignore[attr-defined] # these have no public names
    from re import _constants as codes  # type: ignore[attr-defined]
    from re import _parser as parser  # type: ignore[attr-defined]

LONGEST_MATCHED: Final = 100_000
"""Characters that any regular expression is tried on at most."""

_MOST_STEPS: Final = 20_000_000
_FEW: Final = 20
"""Repeats of so many at most are taken for single ones."""

_REPEATS: Final = frozenset({codes.MAX_REPEAT, codes.MIN_REPEAT})
_ALPHABET: Final = frozenset(map(chr, range(128))) | {"\u00e9", "\u2003", "\u0663"}
"""Stands for all characters, with a letter, a space and a digit beyond ASCII."""

_Items: TypeAlias = list[tuple[Any, Any]]


class Pattern(NamedTuple):
    """A regular expression, and the longest text that it is tried on."""

    regex: re.Pattern[str]
    longest: int


def pattern_for(text: str, source: str) -> re.Pattern[str]:
    """Return a compiled regular expression that can be tried on a text.

    Raises:
        TooCostlyError: the text is too long for it.
        FhirPathError: as `pattern`.
    """
    regex, longest = pattern(source)
    if len(text) > longest:
        raise TooCostlyError("the text is too long for this regular expression")
    return regex


@lru_cache(maxsize=512)
def pattern(source: str) -> Pattern:
    """Return a compiled regular expression.

    Raises:
        FhirPathError: it cannot be read, or could take for ever.
    """
    try:
        regex = re.compile(source, re.DOTALL)
        items = list(parser.parse(source, re.DOTALL))
    except (re.error, RecursionError, OverflowError):
        raise FhirPathError("the regular expression cannot be read") from None
    power = max(_weighed(items, frozenset()), 1) + (items[:1] == [] or items[0][0] is not codes.AT)
    return Pattern(regex, min(LONGEST_MATCHED, int(_MOST_STEPS ** (1 / power))))


def _weighed(items: _Items, after: frozenset[str]) -> int:
    """Return how many repeats can give up characters to what follows, so that each multiplies the ways to go.

    `after` are the characters that can follow the items.

    Raises:
        FhirPathError: one stands within another so that the same text can be divided in very many ways.
    """
    total = 0
    for at, (code, given) in enumerate(items):
        following = _first(items[at + 1 :], after)
        if code in _REPEATS:
            least, most, body = given[0], given[1], list(given[2])
            if most > 1 and _is_variable(body):
                _refuse_ambiguous(body)
            rounds = int(most) if most is not codes.MAXREPEAT and most <= _FEW else 1
            total += rounds * _weighed(body, _first(body, following))
            total += least != most and not _characters(body).isdisjoint(following)
        elif code is codes.BRANCH:
            total += max((_weighed(list(one), following) for one in given[1]), default=0)
        elif code in (codes.SUBPATTERN, codes.ASSERT, codes.ASSERT_NOT):
            total += _weighed(list(given[-1]), following)
        elif code is codes.ATOMIC_GROUP:
            total += _weighed(list(given), following)
        elif code in (codes.GROUPREF, codes.GROUPREF_EXISTS):
            raise FhirPathError("the regular expression refers to its groups, which can take for ever")
    return total


def _first(items: _Items, after: frozenset[str]) -> frozenset[str]:
    """Return the characters that the items, or what comes after them, can begin with."""
    found: frozenset[str] = frozenset()
    for code, given in items:
        if code is codes.SUBPATTERN:
            found |= _first(list(given[-1]), frozenset())
            if _can_be_empty(list(given[-1])):
                continue
        elif code in (*_REPEATS, codes.POSSESSIVE_REPEAT):
            found |= _first(list(given[2]), frozenset())
            if given[0] == 0 or _can_be_empty(list(given[2])):
                continue
        elif code is codes.AT:
            continue
        else:
            found |= _characters([(code, given)])
            if _can_be_empty([(code, given)]):
                continue
        return found
    return found | after


def _can_be_empty(items: _Items) -> bool:
    return _width(items) == 0


def _width(items: _Items) -> int:
    """Return how many characters the items match at least."""
    if any(code in (codes.GROUPREF, codes.GROUPREF_EXISTS) for code, _ in _flat(items)):
        return 0  # such an expression is refused anyway
    state = parser.State()
    state.str = ""
    return int(parser.SubPattern(state, items).getwidth()[0])


def _is_variable(items: _Items) -> bool:
    """Tell whether the items can match texts of different lengths, or in different ways."""
    for code, given in _flat(items):
        if code is codes.BRANCH or (code in _REPEATS and (given[0] != given[1] or _is_variable(list(given[2])))):
            return True
    return False


def _flat(items: _Items) -> _Items:
    """Return the items with those of groups in their place."""
    found: _Items = []
    for code, given in items:
        found += _flat(list(given[-1])) if code is codes.SUBPATTERN else [(code, given)]
    return found


def _refuse_ambiguous(body: _Items) -> None:
    """Refuse a repeated body that does not show where each round of it begins.

    It does, where a character that must be there can be none of those that the rest of the body repeats, and where of
    several branches no two can begin with the same character.
    """
    items = _flat(body)
    loose = [_characters([one]) for one in items if one[0] in _REPEATS and _is_variable([one])]
    firm = [_characters([one]) for one in items if one[0] in (codes.LITERAL, codes.NOT_LITERAL, codes.IN, codes.ANY)]
    if all(any(one.isdisjoint(other) for one in firm) for other in loose) and not _has_branches_alike(items):
        return
    raise FhirPathError("the regular expression has a repeat within a repeat, which can take for ever")


def _has_branches_alike(items: _Items) -> bool:
    for code, given in items:
        if code is codes.BRANCH:
            seen: set[str] = set()
            for one in given[1]:
                first = _characters(_flat(list(one))[:1]) if one else _ALPHABET
                if seen & first:
                    return True
                seen |= first
    return False


def _characters(items: _Items) -> frozenset[str]:
    """Return the characters of the alphabet that can occur in what items match."""
    found: set[str] = set()
    for code, given in items:
        if code is codes.LITERAL:
            found.add(chr(given))
        elif code is codes.BRANCH:
            found |= {one for branch in given[1] for one in _characters(list(branch))}
        elif code is codes.SUBPATTERN:
            found |= _characters(list(given[-1]))
        elif code in _REPEATS or code is codes.POSSESSIVE_REPEAT:
            found |= _characters(list(given[2]))
        elif code in (codes.IN, codes.NOT_LITERAL):
            found |= _in_class(code, given)
        elif code is not codes.AT:
            return _ALPHABET
    return frozenset(found)


def _in_class(code: Any, given: Any) -> set[str]:
    """Return the characters of the alphabet, and those that it names, that a class takes."""
    state = parser.State()
    state.str = ""
    named = {
        chr(one) for kind, one in (given if code is codes.IN else [(codes.LITERAL, given)]) if kind is codes.LITERAL
    }
    ends = [chr(end) for kind, one in (given if code is codes.IN else []) if kind is codes.RANGE for end in one]
    regex = compiler.compile(parser.SubPattern(state, [(code, given)]))
    return {one for one in {*_ALPHABET, *named, *ends} if regex.fullmatch(one)}
