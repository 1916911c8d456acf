"""Whether two messages speak of the same person: what decides, and what is left unsure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.domain.parties import PatientIdentity
from adapter.domain.values import HumanName, Identifier, PartialDate
from adapter.fhir.systems import BSN, BSN_OID, KVNR, KVNR_PKV
from adapter.rules.same_patient import Comparison, Likeness, compare

MRN, OTHER_MRN = "https://a.example/mrn", "https://b.example/mrn"
SAME, OTHER, UNSURE = Likeness.SAME, Likeness.OTHER, Likeness.UNSURE


def one(born=None, family=None, *given, text=None, **numbers):
    systems = {"bsn": BSN, "bsn_oid": BSN_OID, "kvnr": KVNR, "kvnr_pkv": KVNR_PKV, "mrn": MRN, "other": OTHER_MRN}
    name = HumanName(family=family, given=given, text=text) if family or given or text else None
    stated = tuple(Identifier(system=systems[which], value=value) for which, value in numbers.items())
    return PatientIdentity(identifiers=stated, name=name, birth_date=PartialDate(born) if born else None)


@pytest.mark.parametrize(
    ("mine", "theirs", "likeness", "differing"),
    [
        (one(bsn="999911120"), one(bsn="999911120"), SAME, ()),
        (one(bsn="999911120"), one(bsn_oid="9999 11120"), SAME, ()),
        (one(kvnr="X110411319"), one(kvnr_pkv="x110411319"), SAME, ()),
        (one(None, "Jansen", bsn="999911120"), one(None, "de Vries", bsn="999911120"), SAME, ()),
        (one(bsn="999911120"), one(bsn="999990019"), OTHER, ("identifiers",)),
        (one(mrn="1"), one(mrn="2"), OTHER, ("identifiers",)),
        (one(mrn="1", bsn="999911120"), one(mrn="2", bsn="999911120"), UNSURE, ("identifiers",)),
        (one(mrn="1", bsn="999911120"), one(mrn="1", bsn="999990019"), OTHER, ("identifiers",)),
        (one("1980-06-15", bsn="999911120"), one("1980-06-16", bsn="999911120"), UNSURE, ("birth_date",)),
        (one("1980-06-15", bsn="999911120"), one("1980", bsn="999911120"), SAME, ()),
    ],
    ids=str,
)
def test_a_number_in_a_common_system_decides(mine, theirs, likeness, differing):
    assert compare(mine, theirs) == Comparison(likeness, differing)


@pytest.mark.parametrize(
    ("mine", "theirs", "likeness", "differing"),
    [
        (one("1980-06-15", "de Vries", "Anna"), one("1980-06-15", "Vries", "A."), SAME, ()),
        (one("1980-06-15", "de Vries", mrn="1"), one("1980-06-15", "de Vries", other="2"), SAME, ()),
        (one("1980-06-15", "de Vries"), one("1980-06-14", "de Vries"), OTHER, ("birth_date",)),
        (one("1980-06-15", "de Vries"), one("1981", "de Vries"), OTHER, ("birth_date",)),
        (one("1980-06-15", "de Vries"), one("1980-06", "de Vries"), UNSURE, ()),
        (one("1980-06-15", "de Vries", "Anna"), one("1980-06-15", "de Groot", "Jan"), OTHER, ("name",)),
        (one("1980-06-15", "Vries", "Anna"), one("1980-06-14", "Groot", "Jan"), OTHER, ("birth_date", "name")),
        (one("1980-06-15", "Schmidt", "Anna"), one("1980-06-15", "Maier", "Anna"), SAME, ()),
        (one(None, "de Vries"), one(None, "de Vries"), UNSURE, ()),
        (one("1980-06-15"), one("1980-06-15"), UNSURE, ()),
        (one("1980-06-15", "Schmidt"), one("1980-06-15", "A."), UNSURE, ()),
        (one("1980-06-15", "Petrow"), one("1980-06-15", "Петров"), UNSURE, ()),
        (one(mrn="1"), one(other="1"), UNSURE, ()),
        (one(), one("1980-06-15", "de Vries", bsn="999911120"), UNSURE, ()),
    ],
    ids=str,
)
def test_without_one_date_of_birth_and_name_must_both_fit(mine, theirs, likeness, differing):
    assert compare(mine, theirs) == Comparison(likeness, differing)


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("Müller", "Mueller"),
        ("Müller", "MULLER"),
        ("Mu\u0308ller", "Müller"),
        ("Weiß", "Weiss"),
        ("Sørensen", "Soerensen"),
        ("Sørensen", "Sorensen"),
        ("Łukasz", "Lukasz"),
        ("Núñez", "Nunez"),
        ("van der Meer-Bakker", "Bakker"),
        ("d'Ancona", "Ancona"),
    ],
)
def test_a_name_fits_however_its_accents_are_written(mine, theirs):
    born = "1980-06-15"
    assert compare(one(born, mine), one(born, theirs)).likeness is SAME
    assert compare(one(born, text=mine), one(born, theirs)).likeness is SAME


@pytest.mark.parametrize(("mine", "theirs"), [("van der Berg", "van der Meer"), ("Dr. Weber", "Dr. Wagner")])
def test_particles_and_titles_make_nobody_the_same(mine, theirs):
    assert compare(one("1980-06-15", mine), one("1980-06-15", theirs)).likeness is OTHER


NAMES = st.builds(HumanName, family=st.text(max_size=8), given=st.lists(st.text(max_size=8), max_size=2).map(tuple))
NUMBERS = st.builds(Identifier, system=st.sampled_from([BSN, BSN_OID, MRN]), value=st.sampled_from("123"))
PEOPLE = st.builds(
    PatientIdentity,
    identifiers=st.lists(NUMBERS, max_size=3).map(tuple),
    name=st.none() | NAMES,
    birth_date=st.none() | st.sampled_from(["1980", "1980-06", "1980-06-15", "1981-06-15"]).map(PartialDate),
)


@given(mine=PEOPLE, theirs=PEOPLE)
def test_it_does_not_matter_who_is_compared_with_whom(mine, theirs):
    assert compare(mine, theirs) == compare(theirs, mine)


@given(PEOPLE)
def test_nobody_is_another_than_oneself(person):
    found = compare(person, person)
    assert found.likeness is not OTHER
    assert found.differing == ()
