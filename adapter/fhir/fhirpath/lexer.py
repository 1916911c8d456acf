"""Cuts the text of a FHIRPath expression into tokens.

https://hl7.org/fhirpath/N1/#lexical-elements
"""

import re
from typing import NamedTuple

from adapter.fhir.fhirpath.syntax import FhirPathError

LONGEST_EXPRESSION = 10_000
"""Characters; the longest of R4 has 700."""

_TOKEN = re.compile(
    r"""
      (?P<space>\s+|//[^\n]*|/\*.*?\*/)
    | (?P<moment>@(?:T[0-9]{2}(?::[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?
        |[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?
         (?:T(?:[0-9]{2}(?::[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?)?))
    | (?P<number>[0-9]+(?:\.[0-9]+)?)
    | (?P<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    | (?P<quoted>`(?:[^`\\]|\\.)*`)
    | (?P<variable>%(?:[A-Za-z_][A-Za-z0-9_-]*|`(?:[^`\\]|\\.)*`|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))
    | (?P<special>\$[A-Za-z]+)
    | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<sign><=|>=|!=|!~|[-+*/&|=~<>.,()\[\]{}])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ESCAPED = {"f": "\f", "n": "\n", "r": "\r", "t": "\t"}


class Token(NamedTuple):
    """`kind` is moment, number, string, quoted, variable, special, word, sign or end; quotes are taken off the text."""

    kind: str
    text: str
    at: int


def tokens(source: str) -> list[Token]:
    """Return the tokens, with one of the kind "end" behind them.

    Raises:
        FhirPathError: a character that starts no token, an open string or comment, or too long a text.
    """
    if len(source) > LONGEST_EXPRESSION:
        raise FhirPathError(f"the expression is longer than {LONGEST_EXPRESSION} characters")
    found: list[Token] = []
    at = 0
    while at < len(source):
        match = _TOKEN.match(source, at)
        if match is None or match.lastgroup is None or (source.startswith("/*", at) and match.lastgroup == "sign"):
            raise FhirPathError(f"unexpected character at {at + 1}")
        kind, text = match.lastgroup, match.group()
        if kind in ("string", "quoted"):
            text = unescape(text[1:-1])
        elif kind == "variable":
            text = unescape(text[2:-1]) if text[1] in "`'\"" else text[1:]
        if kind != "space":
            found.append(Token(kind, text, at))
        at = match.end()
    return [*found, Token("end", "", at)]


def unescape(text: str) -> str:
    """Return the text with its escapes, a backslash and what follows, resolved."""

    def resolve(match: re.Match[str]) -> str:
        escape = match[1]
        return chr(int(escape[1:], 16)) if len(escape) > 1 else _ESCAPED.get(escape, escape)

    return _ESCAPE.sub(resolve, text) if "\\" in text else text
