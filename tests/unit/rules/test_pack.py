"""The pack language of mappings/coverage/README.md: what is wrong stops the start and is named with file and line."""

import shutil
from datetime import date

import pytest

from adapter.base.errors import SetupError
from adapter.rules.evaluate import decide
from adapter.rules.pack import load_packs

ZVW = "nl-zvw-default/pack.yaml"
ZMRL = "de-gkv-zmrl/pack.yaml"


@pytest.fixture
def copy(folder, tmp_path):
    return shutil.copytree(folder, tmp_path / "coverage")


def found_after(copy, file, old, new):
    """Replace text in one file and return what the loader finds, as (where, text)."""
    path = copy / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SetupError) as refused:
        load_packs(copy)
    assert refused.value.exit_status == 78
    return [(problem.where, problem.text) for problem in refused.value.problems]


def line_of(copy, file, part):
    lines = (copy / file).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if part in line)


@pytest.mark.parametrize(
    ("file", "old", "new", "marker", "says"),
    [
        (
            ZVW,
            "{fact: care_type, eq: incapacity-assessment}",
            "{fact: caretype, eq: x}",
            "caretype",
            "no fact is called",
        ),
        (ZVW, "{fact: item, eq: record-copy}", "{fact: item, equals: record-copy}", "equals", "exactly one of"),
        (ZVW, "{fact: item, eq: record-copy}", "{fact: item, eq: copy}", "eq: copy}", "never 'copy'"),
        (ZVW, "{fact: item, eq: record-copy}", "{fact: item, lt: record-copy}", "lt: record", "number or a date"),
        (ZVW, "{fact: item, eq: record-copy}", "{fact: item, in: record-copy}", "in: record", "needs a list"),
        (ZVW, "{fact: item, eq: record-copy}", "{fact: codes, eq: x}", "fact: codes", "only is:"),
        (ZVW, "{fact: item, eq: record-copy}", "{fact: item, is: here}", "is: here", "present or missing"),
        (ZVW, "{fact: item, eq: record-copy}", "{none: []}", "none: []", "how a condition begins"),
        (ZVW, "{fact: item, eq: record-copy}", "{all: []}", "all: []", "list of conditions"),
        (ZVW, "{fact: item, eq: record-copy}", "{fact: same_org, eq: maybe}", "maybe", "is a bool"),
        (ZVW, "when: {fact: item, eq: record-copy}", "when:", "when:", "when is missing"),
        (ZVW, "cite: [P17]", "note: none", "nl-zvw-copy", "needs a source"),
        (ZVW, "cite: [P17]", "cite: [17]", "[17]", "list of texts"),
        (ZVW, "cite: [P17]", "cite: [page 17]", "page 17", "no requirement row"),
        (ZVW, "decision: denied", "decision: refused", "refused", "must be one of"),
        (ZVW, "on_fail: denied", "on_fail: ok", "on_fail: ok", "must be one of"),
        (ZVW, "kind: exclude", "kind: forbid", "kind: forbid", "must be one of"),
        (ZVW, "if_unknown: ignore", "if_unknown: guess", "guess", "must be one of"),
        (ZVW, "confidence: INFERRED", "confidence: sure", "confidence: sure", "must begin with"),
        (ZVW, "reason: NL-COPY-EXCLUDED", "reason: copy excluded", "copy excluded", "capitals"),
        (ZVW, "pct: 100", "pct: 101", "pct: 101", "between 0 and 100"),
        (ZVW, "pct: 100", "pct: all", "pct: all", "must be a number"),
        (ZVW, "pct_from: pct_effective", "pct_from: age_group", "age_group", "a fact that is a number"),
        (ZVW, "pct_from: pct_effective", "note: x", "nl-zvw-noncontracted", "a benefit says"),
        (ZVW, "id: nl-zvw-benefit", "id: nl-zvw-basic", "no line", "used twice"),
        (ZVW, "id: nl-zvw-benefit", "id: cov-inactive", "no line", "used twice"),
        (ZVW, "use: nl-copy-free", "use: nl-copy-cheap", "nl-copy-cheap", "no shared rule"),
        (ZVW, "valid_from: 2023-01-01", "valid_from: 2023-02-30", "2023-02-30", "not in the calendar"),
        (ZVW, "valid_from: 2023-01-01", "valid_from: soon", "soon", "must be a date"),
        (ZVW, "valid_to: null", "valid_to: 2022-12-31", "2022-12-31", "before valid_from"),
        (ZVW, "kind: coverage", "kind: billing", "kind: billing", "must be one of"),
        (ZVW, "priority: 5", "priority: high", "priority: high", "whole number"),
        (ZVW, "legal_source:", "sources:", "sources:", "not known here"),
        (ZVW, "deductible: {2023: 385", "deductible: {first: 385", "first: 385", "no calendar year"),
        (ZVW, "noncontracted_pct: 75", "noncontracted_pct: 175", "175", "between 0 and 100"),
        (ZVW, '"uzovi:*"', '"every insurer"', "every insurer", "is no payer"),
        (ZVW, "select_if_unknown: true", "select_if_unknown: perhaps", "perhaps", "true or false"),
        (ZVW, 'en: "Covered by basic insurance."', 'fr: "Couvert."', "Couvert", "'fr' is not known"),
        (ZMRL, "payers: aok", "payers: tk", "payers: tk", "no list of payers"),
        (ZMRL, "procedures: zmrl", "procedures: list", "procedures: list", "no list of procedures"),
        (
            "nl-provider-catharina/pack.yaml",
            "provider_fact: second_org",
            "provider_fact: hospital",
            "fact: hospital",
            "one of",
        ),
        ("shared/procedures.yaml", '"^5-28[12]"', '"^5-28[12"', "^5-28[12", "regular expression"),
        (
            "shared/procedures.yaml",
            "in_force_from: 2018-12-08",
            "in_force_from: null",
            "id: tonsils",
            "in_force_from is missing",
        ),
        ("shared/procedures.yaml", "specialties: [gynaecology]", "specialties: []", "specialties: []", "who may give"),
        ("shared/payers.yaml", "iknr:108018007", "iknr:103119199", "aok:", "stands here twice"),
        ("shared/rules.yaml", "if_unknown: ignore", "if_unknown: maybe", "maybe", "must be one of"),
        ("shared/vocabulary.yaml", "type: string", "type: text", "type: text", "must be one of"),
        ("shared/vocabulary.yaml", "ask: insurer", "ask: nobody", "ask: nobody", "must be one of"),
        ("shared/vocabulary.yaml", "from: [service_date, birth_date]", "from: [birthday]", "birthday", "no given fact"),
        ("shared/vocabulary.yaml", "  age:\n", "  years:\n", "years:", "no computation is called"),
        ("shared/vocabulary.yaml", "least: 0\n", "least: none\n", "least: none", "must be a number"),
    ],
)
def test_a_fault_is_named_with_file_and_line(copy, file, old, new, marker, says):
    found = found_after(copy, file, old, new)
    lines = [line for line, text in found if says in text]
    assert lines, found
    assert all(line.startswith(f"{file}:") for line in lines)
    if marker != "no line":
        text = (copy / file).read_text(encoding="utf-8").splitlines()
        stated = int(lines[0].rpartition(":")[2])
        assert marker in text[stated - 1], (stated, found)


def test_all_faults_of_all_packs_are_told_at_once(copy):
    for file in (ZVW, ZMRL):
        path = copy / file
        path.write_text(
            path.read_text(encoding="utf-8").replace("on_fail: denied", "on_fail: perhaps"), encoding="utf-8"
        )
    with pytest.raises(SetupError) as refused:
        load_packs(copy)
    places = {problem.where.partition(":")[0] for problem in refused.value.problems}
    assert places == {ZVW, ZMRL}
    assert len(refused.value.problems) > 2


def test_a_computed_fact_needs_what_the_pack_must_bring(copy):
    found = found_after(copy, ZVW, "{fact: item, eq: record-copy}", "{fact: procedure, eq: knee}")
    assert any("needs a list of procedures" in text for _, text in found)
    found = found_after(copy, ZMRL, "{fact: insured_scheme, eq: gkv}", "{fact: languages_ok, eq: true}")
    assert any("needs the parameter languages" in text for _, text in found)


def test_a_rule_without_one_of_the_three_languages_is_refused(copy):
    found = found_after(copy, ZVW, '      nl: "Vergoed uit de basisverzekering."\n', "")
    line = line_of(copy, ZVW, 'en: "Covered by basic insurance."')
    assert found == [(f"{ZVW}:{line}", "rule nl-zvw-benefit, text: nl is missing")]


def test_unquoted_yes_is_refused_because_readers_disagree_about_it(copy):
    found = found_after(copy, ZVW, '{fact: contracted, eq: "yes"}', "{fact: contracted, eq: yes}")
    assert "put yes into quotes" in found[0][1]


def test_an_edition_that_overlaps_with_another_of_the_same_id_is_refused(copy):
    place = copy / "nl-zvw-default"
    later = (
        (place / "pack.yaml").read_text(encoding="utf-8").replace("valid_from: 2023-01-01", "valid_from: 2027-01-01")
    )
    (place / "pack-2027.yaml").write_text(later, encoding="utf-8")
    with pytest.raises(SetupError, match="rule packs") as refused:
        load_packs(copy)
    assert [problem.where for problem in refused.value.problems] == ["nl-zvw-default/pack-2027.yaml"]


def test_a_later_edition_answers_from_its_first_day(copy, nl_facts):
    place = copy / "nl-zvw-default"
    text = (place / "pack.yaml").read_text(encoding="utf-8")
    later = text.replace("valid_from: 2023-01-01", "valid_from: 2027-01-01").replace("2027: null", "2027: 400")
    (place / "pack-2027.yaml").write_text(later, encoding="utf-8")
    (place / "pack.yaml").write_text(text.replace("valid_to: null", "valid_to: 2026-12-31"), encoding="utf-8")
    packs = load_packs(copy)
    last, first = (decide(packs, nl_facts | {"service_date": day}) for day in (date(2026, 12, 31), date(2027, 1, 1)))
    assert (last.deductible_remaining, first.deductible_remaining) == (285, 300)
    assert last.pack == first.pack == "nl.zvw.default"


def test_a_private_folder_adds_a_pack_and_replaces_one_of_the_same_id(folder, tmp_path, nl_facts):
    text = (folder / ZVW).read_text(encoding="utf-8")
    for name, pack_id, payer, pct in (("own", "nl.own", "uzovi:7095", 60), ("zvw", "nl.zvw.default", "uzovi:*", 50)):
        (tmp_path / name).mkdir()
        own = text.replace("id: nl.zvw.default", f"id: {pack_id}").replace("uzovi:*", payer)
        own = own.replace("priority: 5", "priority: 9").replace("noncontracted_pct: 75", f"noncontracted_pct: {pct}")
        (tmp_path / name / "pack.yaml").write_text(own, encoding="utf-8")
    packs = load_packs(folder, tmp_path)
    facts = nl_facts | {"contracted": "no"}
    own, other = decide(packs, facts), decide(packs, facts | {"payer": "uzovi:7029"})
    assert (own.pack, own.pct) == ("nl.own", 60)
    assert (other.pack, other.pct) == ("nl.zvw.default", 50)
    assert len(packs.by_id("nl.zvw.default")) == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"rules: [", "not YAML"),
        (b"- a\n- b\n", "is no second-opinion-rules/1 document"),
        (b"", "is no second-opinion-rules/1 document"),
        (b"format: second-opinion-rules/2\n", "format must be"),
        (b"\xff\xfe", "UTF-8"),
        (b"format: second-opinion-rules/1\nrules: [x]\n", "must have members"),
    ],
)
def test_a_file_that_is_no_pack_is_refused(copy, content, says):
    (copy / "nl-zvw-default" / "pack.yaml").write_bytes(content)
    with pytest.raises(SetupError) as refused:
        load_packs(copy)
    assert any(says in problem.text for problem in refused.value.problems)


def test_a_folder_without_packs_or_vocabulary_is_refused(tmp_path, folder):
    with pytest.raises(SetupError, match="no folder"):
        load_packs(tmp_path / "nowhere")
    with pytest.raises(SetupError, match="vocabulary") as refused:
        load_packs(tmp_path)
    assert refused.value.problems[0].where == "shared/vocabulary.yaml"
    shutil.copytree(folder / "shared", tmp_path / "shared")
    with pytest.raises(SetupError) as refused:
        load_packs(tmp_path)
    assert "there is no pack here" in refused.value.problems[0].text


def test_the_shipped_packs_name_each_insurer_and_its_prefix(packs):
    assert [pack.id for pack in packs.coverage_of("iknr:108018007")] == ["de.gkv.zmrl", "de.aok.general"]
    assert [pack.id for pack in packs.coverage_of("uzovi:3343")] == ["nl.pnozorg.basic", "nl.zvw.default"]
    assert [pack.id for pack in packs.coverage_of("uzovi:0101")] == ["nl.zvw.default"]
    assert packs.coverage_of("iknr:101575519") == ()
