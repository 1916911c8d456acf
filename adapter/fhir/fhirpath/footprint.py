"""Which members of an element an expression looks at, so that it need not be run where none of them is there."""

from adapter.fhir.fhirpath.parser import parse
from adapter.fhir.fhirpath.syntax import Binary, Call, Index, Literal, Member, Negation, Tree, TypeTest, Variable

_OWN_FOCUS = frozenset({"where", "select", "all", "exists", "repeat", "trace"})
_TYPED = frozenset({"is", "as", "ofType"})
_CONSTANTS = frozenset({"ucum", "sct", "loinc"})


def footprint(source: str) -> frozenset[str] | None:
    """Return the names of the members; None where the result may depend on anything else.

    Raises:
        FhirPathError: the expression is not well-formed.
    """
    names: set[str] = set()
    return frozenset(names) if _gather(parse(source), names) else None


def _gather(tree: Tree, names: set[str]) -> bool:  # noqa: PLR0911 - one way out for each kind of tree
    """Add the names; False where the tree looks at more than members of what it is evaluated on."""
    match tree:
        case Literal():
            return True
        case Variable(name):
            return name in _CONSTANTS
        case Member(None, name):
            names.add(name)
            return not name[:1].isupper()
        case Member(target, _) if target is not None:
            return _gather(target, names)
        case Index(target, position):
            return _gather(target, names) and _gather(position, names)
        case Negation(operand) | TypeTest(_, operand, _):
            return _gather(operand, names)
        case Binary(_, left, right):
            return _gather(left, names) and _gather(right, names)
        case Call(target, name, arguments) if target is not None:
            # a criterion is not even looked at where there is nothing to filter, a type name is no path
            plain = () if name in _OWN_FOCUS or name in _TYPED else arguments
            return _gather(target, names) and all(_gather(one, names) for one in plain)
        case _:
            return False
