"""A hospital's checklist: what must be there before which step, held against the canonical format."""

import pytest

ITEM = """[[item]]
id = "letter"
before = "study"
by = ["treating"]
documents = ["http://loinc.org|57133-1"]
rows = ["C28"]
text.en = "A letter."
text.de = "Ein Brief."
text.nl = "Een brief."
"""
FACT = ITEM.replace('documents = ["http://loinc.org|57133-1"]', 'member = "/initiatedBy"\nsays = ["gp"]')


def items(hospitals, loaded, write, text):
    write(hospitals / "north" / "checklist.toml", text)
    return loaded().hospitals.named("north").checklist


def test_a_document_says_what_it_needs(hospitals, loaded, write):
    (item,) = items(hospitals, loaded, write, ITEM)
    assert (item.id, item.before, item.by, item.rows) == ("letter", "study", ("treating",), ("C28",))
    assert item.needs() == "a record with http://loinc.org|57133-1"
    assert item.asked_for() == ""


@pytest.mark.parametrize(
    ("says", "needs"),
    [
        ('says = ["gp", "patient"]', "/initiatedBy says gp or patient"),
        ('unless = ["gp"]', "/initiatedBy says anything but gp"),
        ("", "/initiatedBy is said"),
    ],
)
def test_a_fact_says_what_it_needs(hospitals, loaded, write, says, needs):
    (item,) = items(hospitals, loaded, write, FACT.replace('says = ["gp"]', says))
    assert item.needs() == needs


def test_an_item_says_when_it_is_asked_for(hospitals, loaded, write):
    text = FACT + '[[item.only]]\nmember = "/records/+/language"\n[[item.only]]\nmember = "/referral"\nsays = ["gp"]\n'
    (item,) = items(hospitals, loaded, write, text)
    assert item.asked_for() == "/records/+/language is said and /referral says gp"


def test_a_truth_is_said_by_true_and_false(hospitals, loaded, write):
    given = FACT.replace("/initiatedBy", "/consent/shareRecords/given").replace('"gp"', '"true"')
    (item,) = items(hospitals, loaded, write, given)
    assert item.saying.says == ("true",)


def test_a_state_says_what_it_needs(hospitals, loaded, write):
    text = ITEM.replace('documents = ["http://loinc.org|57133-1"]', 'reached = "records-complete"')
    (item,) = items(hospitals, loaded, write, text)
    assert item.needs() == "the case has reached records-complete"


@pytest.mark.parametrize(
    ("before", "after", "line", "words"),
    [
        ('id = "letter"', 'id = "Letter!"', 2, "small letters"),
        ('before = "study"', 'before = "lunch"', 3, "before is one of request"),
        ('by = ["treating"]', "", 1, "by names at least one"),
        ('by = ["treating"]', 'by = ["nurse"]', 4, "by has only patient"),
        ('"http://loinc.org|57133-1"', '"57133-1"', 5, "system|code"),
        ('documents = ["http://loinc.org|57133-1"]', "", 1, "one of the three"),
        ('rows = ["C28"]', 'rows = ["C28"]\nreached = "records-complete"', 1, "one of the three"),
        ('rows = ["C28"]', 'rows = ["C28"]\nreached = "done"', 7, "reached is one of"),
        ('rows = ["C28"]', 'rows = ["28"]', 6, "such as C36"),
        ('text.nl = "Een brief."', "", 7, "text.nl is a text that must be there"),
        ('text.nl = "Een brief."', 'text.nl = "x"\ntext.fr = "y"', 10, "fr is no key here"),
        ('rows = ["C28"]', 'rows = ["C28"]\ngate = "x"', 7, "gate is no key here"),
        ('rows = ["C28"]', 'rows = ["C28"]\nsays = ["x"]', 7, "speak of a member"),
        ('text.nl = "Een brief."', 'text.nl = "x"\n[[item.only]]\nsays = ["x"]', 10, "a condition names a member"),
        ('text.nl = "Een brief."', 'text.nl = "x"\n[[item.only]]\nmember = "/x"', 11, "no such member"),
    ],
)
def test_a_wrong_item_is_told_with_file_and_line(hospitals, told, write, before, after, line, words):
    assert ITEM.count(before) == 1
    write(hospitals / "north" / "checklist.toml", ITEM.replace(before, after))
    found = [where for where, text in told() if words in text]
    assert found == [f"north/checklist.toml:{line}"]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("/initiatedBy", "/initiator", "no such member"),
        ('["gp"]', '["nurse"]', "says one of patient, gp, specialist"),
        ('says = ["gp"]', 'says = ["gp"]\nunless = ["gp"]', "either says or unless"),
    ],
)
def test_a_fact_that_the_format_cannot_say_is_told(hospitals, told, write, before, after, words):
    write(hospitals / "north" / "checklist.toml", FACT.replace(before, after))
    assert [text for _, text in told() if words in text]


def test_an_item_that_is_there_twice_is_told_at_the_second(hospitals, told, write):
    write(hospitals / "north" / "checklist.toml", ITEM + "\n" + ITEM)
    assert told() == [("north/checklist.toml:12", "there is an item letter already")]
