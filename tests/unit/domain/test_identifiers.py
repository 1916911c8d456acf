"""https://www.rvig.nl/bsn, SGB V section 290, ARGE IK, KBV guideline on SGB V section 75 paragraph 7"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.domain.identifiers import AGB, BSN, BSNR, IK, KVNR, LANR, URA, UZI, UZOVI, Scheme

DIGITS = "0123456789"
CHECKED = (BSN, KVNR, LANR, IK)
RIGHT = [
    (BSN, "999911120"),
    (BSN, "111222333"),
    (BSN, "012345672"),
    (KVNR, "X110411319"),
    (KVNR, "A123456780"),
    (KVNR, "K220645122"),
    (KVNR, "A000500015"),
    (IK, "108018007"),
    (IK, "260800008"),
    (IK, "260326822"),
    (IK, "101377508"),
    (LANR, "838382210"),
    (LANR, "754236710"),
    (LANR, "123412821"),
    (LANR, "999999900"),
    (LANR, "444444401"),
    (UZOVI, "0101"),
    (AGB, "01012345"),
    (URA, "00009001"),
    (BSNR, "724444400"),
    (UZI, "900011111"),
]


@st.composite
def right_values(draw, scheme):
    """A value that passes, made by trying every check digit (independently of how it is computed)."""
    place = {"BSN": 8, "KVNR": 9, "IK": 8, "LANR": 6}[scheme.name]
    stem = draw(st.text(DIGITS, min_size=9, max_size=9))
    value = draw(st.sampled_from("ABCXYZ")) + stem if scheme is KVNR else stem
    passing = [digit for digit in DIGITS if scheme.fault(value[:place] + digit + value[place + 1 :]) is None]
    return value[:place] + passing[0] + value[place + 1 :] if passing else None


@pytest.mark.parametrize(("scheme", "value"), RIGHT, ids=lambda one: one.name if isinstance(one, Scheme) else one)
def test_a_published_number_is_right(scheme, value):
    assert scheme.fault(value) is None


@pytest.mark.parametrize("scheme", [BSN, IK, LANR, BSNR, UZI, URA, AGB, UZOVI], ids=lambda one: one.name)
def test_zeros_only_are_refused_because_they_would_make_strangers_the_same(scheme):
    width = next(size for size in range(1, 12) if scheme.form.fullmatch("0" * size))
    assert "zeros" in (scheme.fault("0" * width) or "")


@pytest.mark.parametrize("value", ["99991112", "9999111200", "99991112a", " 999911120", "999911120\n", "٩٩٩٩١١١٢٠", ""])
def test_a_bsn_of_another_form_is_told_what_form_it_has(value):
    assert "9 digits" in (BSN.fault(value) or "")


@pytest.mark.parametrize("value", ["x110411319", "Ä110411319", "1104113190", "X11041131", "X1104113199"])
def test_a_kvnr_of_another_form_is_refused(value):
    assert "capital letter" in (KVNR.fault(value) or "")


@pytest.mark.parametrize("last", DIGITS)
def test_the_serial_number_of_a_stand_in_for_hospital_doctors_is_no_check_digit(last):
    assert LANR.fault(f"555555{last}01") is None


@pytest.mark.parametrize("scheme", [BSN, KVNR, IK], ids=lambda one: one.name)
@given(data=st.data())
def test_one_mistyped_digit_never_passes(scheme, data):
    value = data.draw(right_values(scheme))
    if value is None:
        return
    first = {"BSN": 0, "KVNR": 1, "IK": 2}[scheme.name]
    place = data.draw(st.integers(first, len(value) - 1))
    other = data.draw(st.sampled_from([digit for digit in DIGITS if digit != value[place]]))
    assert scheme.fault(value[:place] + other + value[place + 1 :]) is not None


@given(data=st.data())
def test_one_mistyped_digit_of_a_lanr_passes_only_where_its_weight_of_four_cannot_tell(data):
    value = data.draw(right_values(LANR).filter(lambda one: one is not None and not one.startswith("5")))
    place = data.draw(st.integers(0, 6))
    other = data.draw(st.sampled_from([digit for digit in DIGITS if digit != value[place]]))
    blind = place in (0, 2, 4) and abs(int(other) - int(value[place])) == 5
    mistyped = value[:place] + other + value[place + 1 :]
    assert (LANR.fault(mistyped) is None) == (blind or mistyped.startswith("555555"))


@pytest.mark.parametrize("scheme", CHECKED, ids=lambda one: one.name)
@given(value=st.text(max_size=12))
def test_any_text_gets_an_answer(scheme, value):
    assert isinstance(scheme.fault(value), str | None)


@pytest.mark.parametrize("scheme", CHECKED, ids=lambda one: one.name)
@given(value=st.text(DIGITS, min_size=6, max_size=11))
def test_the_answer_does_not_repeat_the_number(scheme, value):
    assert value not in (scheme.fault(value) or "")
