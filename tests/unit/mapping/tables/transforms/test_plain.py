import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.intake.schemas import schema
from adapter.mapping.remarks import RemarkKind
from adapter.mapping.source import Node
from adapter.mapping.tables.outcome import Given, Outcome
from adapter.mapping.tables.transforms.plain import TRANSFORMS


@pytest.fixture
def made(context):
    """Apply a transform to a leaf with a text, or to a node."""

    def make(name: str, said: str | Node, **given) -> Outcome:
        node = said if isinstance(said, Node) else Node("5", "OBX-5", said)
        return TRANSFORMS[name].bind(Given(**given))(node, context)

    return make


CASES = {
    ("text", "  a text "): "a text",
    ("text", "a\x00b\x0bc\td\ne"): "abc\td\ne",
    ("text", " \n"): None,
    ("text", '""'): None,
    ("text", "\x00"): None,
    ("key", " RF-1 \t x "): "RF-1 x",
    ("key", "a" * 256): "a" * 256,
    ("key", "a" * 257): None,
    ("key", "a\x7fb"): None,
    ("integer", "2"): 2,
    ("integer", " 2.0 "): 2,
    ("integer", "2.5"): None,
    ("integer", "two"): None,
    ("integer", "9" * 400): None,
    ("number", "87.5"): 87.5,
    ("number", "+80"): 80,
    ("number", "8,5"): None,
    ("base64", "QU JD\r\nRA=="): "QUJDRA==",
    ("base64", "QUJD"): "QUJD",
    ("media-type", "Application/PDF; version=1"): "application/pdf",
    ("media-type", "PDF"): None,
    ("uri", "1.2.3"): "urn:oid:1.2.3",
    ("uri", "http://x.example/y"): "http://x.example/y",
    ("uri", "LOCAL"): None,
}


@pytest.mark.parametrize(("name", "said"), CASES, ids=lambda one: repr(one)[:20])
def test_a_transform_gives_a_value_or_says_why_not(made, name, said):
    outcome, value = made(name, said), CASES[name, said]
    assert outcome.value == value
    assert type(outcome.value) is type(value)
    if value is not None:
        assert outcome.used == {"OBX-5": ""}
    elif name != "text":
        assert [(one.kind, one.source, one.target) for one in outcome.remarks] == [
            (RemarkKind.UNREADABLE, "OBX-5", None)
        ]


NODE = Node("5", "X-5", None, (Node("1", "X-5.1", '""'), Node("2", "X-5.2", " a "), Node("3", "X-5.3", "b")))


def test_a_node_with_parts_says_what_its_first_part_says(made):
    assert made("text", NODE) == Outcome("a", {"X-5.2": ""})


@pytest.mark.parametrize(("argument", "value"), [(None, "a b"), (", ", "a, b"), ("\\n", "a\nb"), ("", "ab")])
def test_parts_are_joined(made, argument, value):
    assert made("joined", NODE, argument=argument) == Outcome(value, {"X-5.2": "", "X-5.3": ""})


def test_a_constant_uses_the_fields_that_it_stands_for(made):
    assert made("constant", "AM", argument="transfer") == Outcome("transfer", {"OBX-5": ""})
    assert made("constant", Node("", ""), argument="transfer") == Outcome("transfer", {})


def test_a_default_is_remarked_with_the_reason_of_the_row(made):
    outcome = made("default", Node("", ""), argument="gp", note="a GP's system sent it")
    (remark,) = outcome.remarks
    assert (remark.kind, remark.source, remark.target) == (RemarkKind.DEFAULTED, None, "")
    assert remark.text == "a GP's system sent it"


@pytest.mark.parametrize(
    ("kind", "argument", "value"),
    [("boolean", "true", True), ("boolean", "false", False), ("integer", "3", 3), ("string", "true", "true")],
)
def test_an_argument_is_of_the_type_of_its_target(kind, argument, value):
    found = Given(argument, type=kind).constant()
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(("kind", "argument"), [("boolean", "yes"), ("integer", "-1"), ("object", "x"), ("string", "")])
def test_an_argument_that_the_target_does_not_take_is_refused(kind, argument):
    with pytest.raises(ValueError, match="the argument is no"):
        Given(argument, type=kind).constant()


FORMS = {"text": "text", "key": "key", "media-type": "mediaType", "uri": "uri"}


@pytest.mark.parametrize("name", FORMS)
@given(said=st.text(max_size=40) | st.text("a/b;.: \x00\n", max_size=20))
def test_whatever_is_said_the_schema_takes_the_value(context, name, said):
    value = TRANSFORMS[name].bind(Given())(Node("5", "OBX-5", said), context).value
    if value is not None:
        assert _takes(FORMS[name], value)


def _takes(definition: str, value: str) -> bool:
    """Tell whether the schema takes a value, by a member that is of this definition."""
    members = {
        "text": ("notes",),
        "key": ("case",),
        "mediaType": ("records", "contentType"),
        "uri": ("diagnoses", "system"),
    }
    name, *inner = members[definition]
    raw = {name: [{inner[0]: value}]} if inner else {name: value}
    pointer = f"/{name}/0/{inner[0]}" if inner else f"/{name}"
    return pointer not in {problem.where for problem in schema("second-opinion-request-1").problems(raw)}
