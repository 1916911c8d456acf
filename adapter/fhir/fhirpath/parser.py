"""Reads FHIRPath expressions into syntax trees.

https://hl7.org/fhirpath/N1/grammar.html
"""

from decimal import Decimal

from adapter.fhir.fhirpath.lexer import Token, tokens
from adapter.fhir.fhirpath.syntax import (
    Binary,
    Call,
    FhirPathError,
    Index,
    Literal,
    Member,
    Negation,
    Special,
    Tree,
    TypeTest,
    Variable,
)
from adapter.fhir.fhirpath.values import CALENDAR_UNITS, Quantity, moment

DEEPEST = 100
"""Nested terms, and links of one chain; the deepest of R4 has 14."""

_LONGEST_INTEGER = 18
"""Digits; a longer whole number is a decimal, as Python refuses to read integers of some thousand digits."""

_RANKS = {
    "implies": 1,
    **dict.fromkeys(("or", "xor"), 2),
    "and": 3,
    **dict.fromkeys(("in", "contains"), 4),
    **dict.fromkeys(("=", "~", "!=", "!~"), 5),
    **dict.fromkeys(("<", "<=", ">", ">="), 6),
    "|": 7,
    **dict.fromkeys(("is", "as"), 8),
    **dict.fromkeys(("+", "-", "&"), 9),
    **dict.fromkeys(("*", "/", "div", "mod"), 10),
}


def parse(source: str) -> Tree:
    """Return the syntax tree of an expression.

    Raises:
        FhirPathError: not well-formed, too long or nested too deep.
    """
    reader = _Reader(tokens(source))
    tree = reader.expression(0)
    reader.expect("end", "")
    return tree


class _Reader:
    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self._at = 0
        self._depth = 0

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._next
        self._at += 1
        return token

    def _takes(self, sign: str) -> bool:
        if self._next.kind == "sign" and self._next.text == sign:
            self._at += 1
            return True
        return False

    def expect(self, kind: str, text: str) -> None:
        """Go beyond the token that must come now."""
        token = self._next
        if token.kind != kind or token.text != text:
            raise FhirPathError(f"unexpected {token.text or 'end'!r} at {token.at + 1}")
        self._at += 1

    def expression(self, rank: int) -> Tree:
        """Read operators that bind tighter than `rank`."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise FhirPathError("the expression is nested too deep")
        tree = self._signed()
        links = 0
        while True:
            token = self._next
            found = _RANKS.get(token.text, 0) if token.kind in ("sign", "word") else 0
            if found <= rank:
                break
            links += 1
            if links > DEEPEST:
                raise FhirPathError("too many operators in a row")
            self._at += 1
            if token.text in ("is", "as"):
                tree = TypeTest(token.text, tree, self._type_name())
            else:
                tree = Binary(token.text, tree, self.expression(found))
        self._depth -= 1
        return tree

    def _signed(self) -> Tree:
        negative = False
        while self._next.kind == "sign" and self._next.text in "+-":
            negative ^= self._take().text == "-"
        term = self._links(self._term())
        return Negation(term) if negative else term

    def _links(self, tree: Tree) -> Tree:
        links = 0
        while True:
            if self._takes("."):
                tree = self._invocation(tree)
            elif self._takes("["):
                tree = Index(tree, self.expression(0))
                self.expect("sign", "]")
            else:
                return tree
            links += 1
            if links > DEEPEST:
                raise FhirPathError("too long a chain of members")

    def _term(self) -> Tree:  # noqa: PLR0911 - one way out for each kind of term
        token = self._next
        if token.kind == "variable":
            return Variable(self._take().text)
        if token.kind == "moment":
            return Literal(moment(self._take().text[1:]))
        if token.kind == "string":
            return Literal(self._take().text)
        if token.kind == "number":
            return self._number()
        if self._takes("("):
            tree = self.expression(0)
            self.expect("sign", ")")
            return tree
        if self._takes("{"):
            self.expect("sign", "}")
            return Literal(None)
        if token.kind == "word" and token.text in ("true", "false"):
            return Literal(self._take().text == "true")
        return self._invocation(None)

    def _number(self) -> Tree:
        text = self._take().text
        unit = self._next
        if unit.kind == "string" or (unit.kind == "word" and unit.text in CALENDAR_UNITS):
            self._at += 1
            return Literal(Quantity(Decimal(text), unit.text, calendar=unit.kind == "word"))
        return Literal(Decimal(text) if "." in text or len(text) > _LONGEST_INTEGER else int(text))

    def _invocation(self, target: Tree | None) -> Tree:
        token = self._take()
        if token.kind == "special" and token.text in ("$this", "$index", "$total") and target is None:
            return Special(token.text)
        if token.kind not in ("word", "quoted"):
            raise FhirPathError(f"unexpected {token.text or 'end'!r} at {token.at + 1}")
        if token.kind == "word" and self._takes("("):
            arguments: list[Tree] = []
            if not self._takes(")"):
                arguments.append(self.expression(0))
                while self._takes(","):
                    arguments.append(self.expression(0))
                self.expect("sign", ")")
            return Call(target, token.text, tuple(arguments))
        return Member(target, token.text)

    def _type_name(self) -> str:
        tree = self._links(self._invocation(None))
        return type_name(tree)


def type_name(tree: Tree) -> str:
    """Return the name that a type specifier writes, "Patient" or "System.String".

    Raises:
        FhirPathError: it is none.
    """
    if isinstance(tree, Member):
        if tree.target is None:
            return tree.name
        return f"{type_name(tree.target)}.{tree.name}"
    raise FhirPathError("the name of a type is expected")
