"""docs/reference/hospitals.md is made from the shipped folders and from the words of the code."""

from adapter.base.data import shipped
from adapter.intake.formats import load_formats
from adapter.intake.hospitals.pages import hospital_lines, word_lines

PAGE = "docs/reference/hospitals.md"


def test_the_words_of_the_files_are_those_of_the_code(made):
    made(PAGE, "words", word_lines())


def test_every_shipped_hospital_is_told_with_its_checklist(made):
    made(PAGE, "hospitals", hospital_lines(load_formats(shipped("mappings")).hospitals.by_name.values()))
