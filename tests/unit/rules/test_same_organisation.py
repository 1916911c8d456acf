"""Two organisations are compared in a common naming system only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.domain.parties import Organization
from adapter.domain.values import Identifier
from adapter.fhir import systems
from adapter.rules.same_organisation import organisation_tokens


def an_organisation(**numbers):
    held = {"ura": systems.URA, "ura_oid": systems.URA_OID, "agb": systems.AGB, "ik": systems.IK}
    identifiers = tuple(Identifier(system=held[name.rstrip("2")], value=value) for name, value in numbers.items())
    return Organization(identifiers=identifiers)


def same(first, second, known=lambda _one: None):
    one, two = organisation_tokens(first, second, known)
    return None if one is None or two is None else one == two


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (an_organisation(ura="1"), an_organisation(ura="1"), True),
        (an_organisation(ura="1"), an_organisation(ura="2"), False),
        (an_organisation(ura="1"), an_organisation(ura_oid="1"), True),
        (an_organisation(ura="1"), an_organisation(agb="1"), None),
        (an_organisation(ura="1", agb="7"), an_organisation(agb="7", ik="9"), True),
        (an_organisation(ura="1", agb="7"), an_organisation(ura="2", agb="7"), True),
        (an_organisation(agb="7", agb2="8"), an_organisation(agb="8"), True),
        (an_organisation(ura="1"), an_organisation(), None),
        (an_organisation(), an_organisation(), None),
        (an_organisation(ura="1"), None, None),
    ],
)
def test_sameness_is_known_only_in_a_common_system(first, second, expected):
    assert same(first, second) is expected
    assert same(second, first) is expected


def test_equal_names_alone_say_nothing():
    assert same(Organization(name="Klinik A"), Organization(name="Klinik A")) is None


def test_a_hospital_s_own_token_is_kept_where_nothing_can_be_compared():
    known = {"1": "dijklander", "7": "catharina"}
    tokens = organisation_tokens(
        an_organisation(ura="1"), an_organisation(agb="9"), lambda one: known.get(one.identifiers[0].value)
    )
    assert tokens == ("dijklander", None)
    tokens = organisation_tokens(
        an_organisation(ura="1"), an_organisation(agb="7"), lambda one: known.get(one.identifiers[0].value)
    )
    assert tokens == ("dijklander", "catharina")


def test_a_hospital_s_own_token_stands_for_both_where_they_are_one():
    first, second = an_organisation(ura="1", agb="7"), an_organisation(ura="1")
    known = {2: "catharina", 1: None}
    tokens = organisation_tokens(first, second, lambda one: known[len(one.identifiers)])
    assert tokens == ("catharina", "catharina")


NUMBERS = st.dictionaries(st.sampled_from(["ura", "agb", "ik"]), st.sampled_from(["1", "2"]))


@given(first=NUMBERS, second=NUMBERS)
def test_never_both_tokens_without_a_common_system(first, second):
    tokens = organisation_tokens(an_organisation(**first), an_organisation(**second), lambda _one: None)
    if not first.keys() & second.keys():
        assert None in tokens
    else:
        assert (tokens[0] == tokens[1]) is any(first[name] == second[name] for name in first.keys() & second.keys())
