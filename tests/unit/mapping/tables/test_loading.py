import pytest

from adapter.base.errors import SetupError
from adapter.mapping.tables.format_file import PRODUCTS
from adapter.mapping.tables.loading import load_table


def _faults(load) -> list[tuple[str | None, str]]:
    with pytest.raises(SetupError) as found:
        load()
    return [(problem.where, problem.text) for problem in found.value.problems]


ROW = "PID-5.1,/patient/name/family,text"
WRONG_ROWS = {
    "PID--5,/id,text": "source: the selector cannot be read from character 4 on",
    "PID-5,id,text": "a target is a JSON pointer with + for a new entry and {NAME} for the entry of a node",
    "PID-5,/patient/nam,text": "/patient/nam: the format has no such member",
    "PID-5,/patient/name/family/x,text": "/patient/name/family/x: the format has no such member",
    "PID-5,/patient/+,text": "/patient/+: only a list has entries, and only a text has lines",
    "PID-5,/diagnoses/{DG1}/text,text": "{DG1} is no step of the source",
    "PID-PID,/diagnoses/{PID}/text,text": "{PID} is more than one step of the source",
    "PID-5,/id,texts": "there is no transform `texts`: the list is in docs/reference/mapping-tables.md",
    "PID-5,/id,Text": "a transform is a name, with an argument in parentheses where it takes one",
    "PID-5,/id,text(x)": "`text` does not take an argument in parentheses",
    "PID-5,/id,constant": "`constant` needs an argument in parentheses",
    "PID-5,/id,text,gender": "`text` does not take a ConceptMap in the column codes",
    "PID-5,/patient/gender,code": "`code` needs a ConceptMap in the column codes",
    "PID-5,/patient/gender,code,nothing": "there is no ConceptMap `nothing`: it would be codes/ConceptMap-nothing.json",
    "PID-5,/id,text,,no": "required is yes, or empty",
    ",/id,constant(x),,yes": "what is required comes from somewhere and goes somewhere",
    ",/id,text": "`text` needs a source",
    "PID-5,,ignore": "say where it goes, or in the last cell why nowhere",
    "PID-5,,text,,,why": "what goes nowhere has the transform ignore (nothing is lost) or lost",
    "PID-5,/id,ignore,,,why": "`ignore` gives no value, and 1 are named",
    "PID-5,/id;/case,text": "`text` gives one value, and 2 are named",
    "PID-5,/patient/name,text": "`text` makes string, which /patient/name does not take",
    "PID-5,/insurance/active,text": "`text` makes string, which /insurance/active does not take",
    "PID-5,/insurance/active,constant(maybe)": "the argument is no boolean",
    "PID-5,/patient/gender,constant(weiblich)": "the argument is one of male, female, other, unknown",
    ",/referral,default(gp)": "what is filled in has its reason in the last cell",
    "PID-5,/id,same-code": "the target has no list of codes: use text or key",
    'PID-5,"/id,text': "the line is no CSV: close the quotes, and keep a row on one line",
    "PID-5,/id,text,,,PID-5, the name": "a row has 6 cells: put cells with a comma in quotes",
}


@pytest.mark.parametrize("row", WRONG_ROWS)
def test_a_wrong_row_stops_the_start_with_file_and_line(write, row):
    folder = write("# a comment", "", ROW, row)
    assert _faults(lambda: load_table(folder)) == [("intake/demo/rows.csv:5", WRONG_ROWS[row])]


def test_every_wrong_row_is_told_at_once(write):
    folder = write(*WRONG_ROWS)
    assert len(_faults(lambda: load_table(folder))) == len(WRONG_ROWS)


def test_a_row_that_is_there_twice_is_refused(write):
    folder = write(ROW, ROW)
    assert _faults(lambda: load_table(folder)) == [
        ("intake/demo/rows.csv:3", "there is a row with this source and target already")
    ]


def test_a_row_behind_a_constant_can_never_be_heard(write):
    folder = write(",/care/type,constant(other)", "ZZZ-1,/care/type,same-code")
    said = "no value can come here: intake/demo/rows.csv:2 has filled /care/type always"
    assert _faults(lambda: load_table(folder)) == [("intake/demo/rows.csv:3", said)]


def test_the_codes_of_a_map_must_be_codes_of_the_target(write, write_map):
    write_map("gender", {"M": "male", "W": "weiblich"})
    folder = write("PID-8,/patient/gender,code,gender")
    said = "the ConceptMap gives weiblich, which /patient/gender does not take"
    assert _faults(lambda: load_table(folder)) == [("intake/demo/rows.csv:2", said)]


@pytest.mark.parametrize("header", ["source,target", "", "source;target;transform;codes;required;spec"])
def test_the_first_line_names_the_columns(write, header):
    folder = write()
    (folder / "rows.csv").write_text(f"# rows\n{header}\n{ROW}\n", encoding="utf-8")
    (where, text), *_ = _faults(lambda: load_table(folder))
    assert where.startswith("intake/demo/rows.csv:")
    assert text == "the first line is source,target,transform,codes,required,spec"


def test_a_table_that_is_no_utf_8_is_refused(write):
    folder = write()
    (folder / "rows.csv").write_bytes(b"source,target,transform,codes,required,spec\nPID-5,/id,text,,,M\xfcller")
    assert _faults(lambda: load_table(folder)) == [("intake/demo/rows.csv", "the file cannot be read as UTF-8 text")]


WRONG_SETTINGS = {
    'colour = "red"': "colour is no key here: adopt, extends, format, produces, reader, recognise, tables, title",
    "extends = 3": "extends is a text or a list of texts",
    'extends = "nothing"': "extends: there is no folder nothing with a format.toml beside this one",
    'extends = "demo"': "extends: there is no folder demo with a format.toml beside this one",
    "recognise = 3": "recognise is a table: [recognise]",
    '[recognise]\nwhen = ["PID-"]': "recognise.when: the selector cannot be read from character 4 on",
    '[recognise]\nwher = ["PID"]': "recognise.wher is no key here: any, from, priority, to, version, when",
    "[recognise]\npriority = true": "recognise.priority is a whole number",
    "[recognise]\nfrom = 2.3": 'recognise.from and recognise.to are versions such as "2.5.1"',
    '[adopt]\nOBX = ["NTE"]\nNTE = "OBX"': "adopt: OBX would be beneath itself",
    '[adopt]\nPRD = [""]': "PRD is a text or a list of texts",
}


@pytest.mark.parametrize("settings", WRONG_SETTINGS)
def test_a_wrong_setting_stops_the_start_and_is_named(write, settings):
    folder = write(settings=settings)
    assert _faults(lambda: load_table(folder)) == [("intake/demo/format.toml", WRONG_SETTINGS[settings])]


def test_a_folder_without_its_settings_is_refused(write):
    folder = write()
    (folder / "format.toml").unlink()
    assert _faults(lambda: load_table(folder)) == [("intake/demo/format.toml", "the file is missing")]


def test_settings_that_are_no_toml_are_refused_with_the_line(write):
    folder = write(settings="= 3")
    ((where, text),) = _faults(lambda: load_table(folder))
    assert where == "intake/demo/format.toml"
    assert "line 5" in text


def test_the_name_is_that_of_the_folder_and_the_rest_is_one_of_a_list(write):
    folder = write()
    (folder / "format.toml").write_text('format = "other"\nreader = "pdf"\nproduces = "fax"\n', encoding="utf-8")
    assert [text for _where, text in _faults(lambda: load_table(folder))] == [
        "format is the name of the folder, demo",
        "title is a text that must be there",
        "reader is one of er7, fhir, cda",
        f"produces is one of {', '.join(PRODUCTS)}",
    ]


def test_tables_that_extend_each_other_in_a_circle_are_refused(write):
    write(name="base", settings='extends = "demo"')
    folder = write(settings='extends = "base"')
    ((_where, text),) = _faults(lambda: load_table(folder))
    assert text == "demo extends base extends demo: this is a circle"


def test_own_rows_come_first_and_replace_those_of_the_extended_table(write):
    write("PID-5,/case,text", "PID-8,/id,text", "PID-9,/notes/+,text", name="base")
    folder = write("PID-8,/id,key", "PID-9,,lost,,,not here", settings='extends = "base"')
    rows = [(row.cells.source, row.cells.target, row.cells.transform) for row in load_table(folder).rows]
    assert rows == [("PID-8", "/id", "key"), ("PID-9", "", "lost"), ("PID-5", "/case", "text")]


def test_a_row_of_the_extended_table_with_another_target_stays(write):
    write("PID-8,/id,text", name="base")
    folder = write("PID-8,/case,text", settings='extends = "base"')
    assert [row.cells.target for row in load_table(folder).rows] == ["/case", "/id"]


def test_an_extended_row_without_a_place_in_the_own_document_is_lost_with_the_reason(write):
    write("PID-5,/proxy/name/family,text,,yes", name="base")
    folder = write(settings='extends = "base"', produces="second-opinion-report/1")
    (row,) = load_table(folder).rows
    assert (row.cells.transform, row.over.is_loss) == ("lost", True)
    assert row.cells.spec == "second-opinion-report/1 has no place for it"
    assert load_table(folder).required == ()


def test_rows_of_a_hospital_are_heard_first_and_replace_the_shipped_ones(write, mappings):
    folder = write("PID-8,/id,text", "PID-5,/case,text")
    overrides = mappings / "hospitals" / "x" / "overrides" / "demo.csv"
    overrides.parent.mkdir(parents=True)
    overrides.write_text("source,target,transform,codes,required,spec\nZPI-1,/id,text\nPID-5,,ignore,,,twice\n")
    rows = [(row.cells.source, row.cells.transform) for row in load_table(folder, overrides=overrides).rows]
    assert rows == [("ZPI-1", "text"), ("PID-5", "ignore"), ("PID-8", "text")]


def test_a_wrong_row_of_a_hospital_is_told_with_its_own_file(write, mappings):
    folder = write(ROW)
    overrides = mappings / "hospitals" / "x" / "overrides" / "demo.csv"
    overrides.parent.mkdir(parents=True)
    overrides.write_text("source,target,transform,codes,required,spec\nZPI-1,/ids,text\n")
    assert _faults(lambda: load_table(folder, overrides=overrides)) == [
        ("hospitals/x/overrides/demo.csv:2", "/ids: the format has no such member")
    ]


def test_without_a_file_of_the_hospital_the_shipped_rows_stand(write, mappings):
    folder = write(ROW)
    assert len(load_table(folder, overrides=mappings / "hospitals" / "x" / "overrides" / "demo.csv").rows) == 1


def test_files_are_heard_in_the_order_that_the_settings_name(write):
    folder = write("PID-5,/id,text", settings='tables = ["z.csv", "rows.csv"]')
    (folder / "z.csv").write_text("source,target,transform,codes,required,spec\nPID-6,/id,text\n")
    assert [row.cells.source for row in load_table(folder).rows] == ["PID-6", "PID-5"]


def test_a_file_that_is_named_and_missing_is_refused(write):
    folder = write(settings='tables = ["z.csv"]')
    assert _faults(lambda: load_table(folder)) == [("intake/demo/z.csv", "the file is missing")]
