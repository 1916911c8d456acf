"""https://hl7.org/fhir/R4/codesystem-definitions.html#CodeSystem.concept.designation"""

import pytest

from adapter.fhir import systems
from adapter.fhir.designations import designation


@pytest.mark.parametrize(
    ("language", "word"), [("en", "General practitioner"), ("de", "Hausärztin, Hausarzt"), ("nl", "Huisarts")]
)
def test_a_code_of_ours_has_a_word_in_each_language(language, word):
    assert designation(systems.PROVIDER_ROLE, "gp", language) == word


def test_another_language_gets_the_english_word():
    assert designation(systems.PROVIDER_ROLE, "gp", "fr") == "General practitioner"


@pytest.mark.parametrize("system", [systems.PROVIDER_ROLE, systems.SNOMED, ""])
def test_what_has_no_word_here_is_told_by_its_code(system):
    assert designation(system, "not-a-code-of-ours", "nl") == "not-a-code-of-ours"
