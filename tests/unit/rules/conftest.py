"""The shipped packs, loaded once, and facts at random."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import strategies as st

from adapter.rules.pack import load_packs

FOLDER = Path(__file__).parents[3] / "mappings" / "coverage"


@pytest.fixture(scope="session")
def folder():
    return FOLDER


@pytest.fixture(scope="session")
def packs():
    return load_packs(FOLDER)


@pytest.fixture(scope="session")
def random_facts(packs):
    """Facts that the vocabulary allows, drawn so that rules are often reached; any of them may be absent."""
    days = st.dates(date(2023, 1, 1), date(2027, 12, 31))
    tokens = st.sampled_from(["neurology", "cardiology", "gp"])
    special = {
        "payer": st.sampled_from(["iknr:108018007", "uzovi:3343", "uzovi:7095"]),
        "brand": st.sampled_from(["pnozorg", "vgz"]),
        "service_date": days,
        "birth_date": st.dates(date(1950, 1, 1), date(2020, 12, 31)),
        "codes": st.lists(
            st.sampled_from(["ops:5-822.g1", "ops:5-814.3", "ops:5-384.7", "icd:M17.1", "icd:S46.0", "icd:C09"]),
            max_size=3,
        ).map(tuple),
        "second_approved_for": st.lists(st.sampled_from(["knee", "hip"])).map(tuple),
        "records_language": st.lists(st.sampled_from(["nl", "de"])).map(tuple),
    }
    by_type = {
        "bool": st.booleans(),
        "date": days,
        "int": st.integers(1, 3),
        "number": st.decimals(0, 100, places=1),
        "string": tokens,
    }
    one = {
        name: st.sampled_from(fact.values) if fact.values else special.get(name, by_type.get(fact.type, tokens))
        for name, fact in packs.vocabulary.facts.items()
    }
    needed = {name: one.pop(name) for name in ("payer", "service_date")}
    return st.fixed_dictionaries(needed, optional=one)


@pytest.fixture
def nl_facts():
    """Another Dutch insurer, natura policy, all in order."""
    return {
        "payer": "uzovi:7095",
        "brand": "vgz",
        "coverage_active": True,
        "supplementary": False,
        "policy_type": "natura",
        "contracted": "yes",
        "deductible_used": Decimal(100),
        "birth_date": date(1970, 2, 28),
        "item": "second-opinion",
        "service_date": date(2026, 9, 1),
        "care_type": "medical-specialist",
        "care_in_basic": True,
        "subject_in_basic": True,
        "first_role": "specialist",
        "second_role": "specialist",
        "first_org": "ziekenhuis-a",
        "second_org": "ziekenhuis-b",
        "second_linked": False,
        "takeover": False,
        "referral": "gp",
        "requester": "patient",
    }
