import pytest

from adapter.mapping.tables.loading import load_table


@pytest.fixture
def recognition(write):
    return lambda settings: load_table(write(settings=f"[recognise]\n{settings}")).recognition


@pytest.fixture(scope="session")
def top(message):
    def make(version: str = "2.5.1"):
        return message(("MSH", {9: ["REF", "I12"], 12: version}), ("RF1", {4: ("SO", "RP")}))

    return make


@pytest.mark.parametrize(
    ("settings", "claims"),
    [
        ('when = ["MSH-9[1=REF]"]', True),
        ('when = ["MSH-9[1=REF]", "RF1-4[=SO]"]', True),
        ('when = ["MSH-9[1=REF]", "ZZZ"]', False),
        ('any = ["ZZZ", "RF1"]', True),
        ('any = ["ZZZ", "YYY"]', False),
        ('when = "RF1"\nany = ["ZZZ"]', False),
        ("priority = 3", False),
    ],
)
def test_all_of_when_and_one_of_any_must_find_something(recognition, top, settings, claims):
    assert recognition(settings).claims(top()) is claims


@pytest.mark.parametrize("version", ["2.3", "2.3.1", "2.5.1", "2.8", "2.8.2", "", "DRAFT"])
def test_a_version_within_the_limits_or_none_is_read(recognition, top, version):
    assert recognition('version = "MSH-12.1"\nfrom = "2.3"\nto = "2.8"').version_fault(top(version)) is None


@pytest.mark.parametrize("version", ["2.2", "2.9", "2.10", "3"])
def test_a_version_beyond_the_limits_is_told_with_those_that_are_read(recognition, top, version):
    fault = recognition('version = "MSH-12.1"\nfrom = "2.3"\nto = "2.8"').version_fault(top(version))
    assert fault == "this version is not read: send 2.3 to 2.8"


def test_a_table_that_asks_no_version_reads_every_one(recognition, top):
    assert recognition('when = ["RF1"]').version_fault(top("1.0")) is None
