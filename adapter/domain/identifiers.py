"""The national numbering schemes and what makes a number right in each: its form and its check digit, if it has one.

Which naming system (URI) stands for which scheme is `adapter.intake.national_systems`. The rules are public:
BSN 11-test (Logisch ontwerp BSN); KVNR (SGB V section 290, annex 1: the letter as two digits, weights 1-2, cross sums,
modulo 10); IK (ARGE IK: digits 3 to 8, weights 2-1, cross sums, modulo 10); LANR (KBV guideline on SGB V section 75
paragraph 7: digits 1 to 6, weights 4-9, modulo 10). For the others only the form is public.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_CLINIC_DOCTOR: Final = re.compile(r"555555[0-9]{3}")
"""Stand-in for hospital doctors in ASV billing: the seventh digit is a serial number there, not a check digit."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Scheme:
    """A numbering scheme.

    Attributes:
        name: what people call it.
        form: what the whole value must look like.
        form_text: the same in words.
        passes: the check digit's rule for a value of the right form; None where the scheme has none.
    """

    name: str
    form: re.Pattern[str]
    form_text: str
    passes: Callable[[str], bool] | None = None

    def fault(self, value: str) -> str | None:
        """Return what is wrong with `value` and what to do, never repeating it; None = right as far as one can tell."""
        if self.form.fullmatch(value) is None:
            return f"this is no {self.name}: it must be {self.form_text}"
        if set(value) == {"0"}:
            return f"zeros only are no {self.name}: give the real number, or leave the identifier out"
        if self.passes is not None and not self.passes(value):
            return f"the check digit of this {self.name} is wrong: compare it with the source, a digit is mistyped"
        return None


def passes_bsn(value: str) -> bool:
    """Apply the 11-test to nine digits: weights 9 to 2, and -1 for the last."""
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(int(digit) * weight for digit, weight in zip(value, weights, strict=True)) % 11 == 0


def passes_kvnr(value: str) -> bool:
    """Check the last digit of a letter and nine digits."""
    digits = f"{ord(value[0]) - ord('A') + 1:02d}{value[1:-1]}"
    return _cross_sums(digits, (1, 2)) % 10 == int(value[-1])


def passes_ik(value: str) -> bool:
    """Check the last of nine digits; the first two (kind of institution) do not take part."""
    return _cross_sums(value[2:8], (2, 1)) % 10 == int(value[8])


def passes_lanr(value: str) -> bool:
    """Check the seventh of nine digits; the last two (specialty) do not take part."""
    if _CLINIC_DOCTOR.fullmatch(value):
        return True
    total = sum(int(digit) * (4, 9)[place % 2] for place, digit in enumerate(value[:6]))
    return (10 - total % 10) % 10 == int(value[6])


def _cross_sums(digits: str, weights: tuple[int, int]) -> int:
    products = (int(digit) * weights[place % 2] for place, digit in enumerate(digits))
    return sum(product // 10 + product % 10 for product in products)


def _digits(count: int) -> re.Pattern[str]:
    return re.compile(f"[0-9]{{{count}}}")


BSN: Final = Scheme(
    name="BSN", form=_digits(9), form_text="9 digits, with a leading zero where there is one", passes=passes_bsn
)
KVNR: Final = Scheme(
    name="KVNR", form=re.compile("[A-Z][0-9]{9}"), form_text="a capital letter and 9 digits", passes=passes_kvnr
)
LANR: Final = Scheme(name="LANR", form=_digits(9), form_text="9 digits", passes=passes_lanr)
IK: Final = Scheme(name="IK", form=_digits(9), form_text="9 digits", passes=passes_ik)
BSNR: Final = Scheme(name="BSNR", form=_digits(9), form_text="9 digits")
UZI: Final = Scheme(name="UZI number", form=_digits(9), form_text="9 digits")
URA: Final = Scheme(name="URA", form=_digits(8), form_text="8 digits, with leading zeros")
AGB: Final = Scheme(name="AGB code", form=_digits(8), form_text="8 digits, with a leading zero where there is one")
UZOVI: Final = Scheme(
    name="UZOVI number", form=_digits(4), form_text="4 digits, with a leading zero where there is one"
)
