"""What goes to a node elsewhere: files by their hash, everything else as it was written."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.base.data import shipped
from adapter.base.errors import InputError, Invalid, UnknownFormat
from adapter.intake.canonical import read_report, read_request
from adapter.intake.hand_over import hand_over

SAMPLES = shipped("samples")


def sample(name):
    return json.loads((SAMPLES / name).read_text(encoding="utf-8"))


def encoded(document):
    return json.dumps(document).encode()


@pytest.mark.parametrize("country", ["nl", "de"])
def test_a_sample_request_names_its_files_by_hash_and_changes_in_nothing_else(country):
    body = (SAMPLES / f"request-{country}.json").read_bytes()
    prepared = hand_over(body, SAMPLES)
    before, after = json.loads(body), json.loads(prepared.body)
    read_request(prepared.body)
    assert len(before["records"]) == len(after["records"])
    for old, new in zip(before["records"], after["records"], strict=True):
        if "path" in old:
            data = (SAMPLES / old["path"]).read_bytes()
            assert prepared.files[new["sha256"]].read_bytes() == data
            assert new == {**{k: v for k, v in old.items() if k != "path"}, "sha256": hashlib.sha256(data).hexdigest()}
        else:
            assert new == old
    assert {k: v for k, v in before.items() if k != "records"} == {k: v for k, v in after.items() if k != "records"}


def test_a_sample_report_names_its_document_by_hash():
    document = sample("report-nl.json")
    prepared = hand_over(encoded(document), SAMPLES)
    after = json.loads(prepared.body)
    (sha256,) = prepared.files
    assert after["document"]["sha256"] == sha256
    assert "path" not in after["document"]
    read_report(prepared.body)


def test_a_record_that_is_missing_is_named_where_it_stands_in_the_request():
    document = sample("request-nl.json")
    inside = {"id": "INSIDE", "title": "Text", "contentType": "text/plain", "data": "QQ=="}
    uploaded = {"id": "UPLOADED", "title": "Scan", "contentType": "image/png", "sha256": "ab" * 32}
    lost = {**document["records"][0], "id": "LOST", "path": "records/lost.pdf"}
    lost.pop("sha256", None)
    document["records"] = [inside, uploaded, *document["records"], lost]
    with pytest.raises(Invalid) as refused:
        hand_over(encoded(document), SAMPLES)
    assert [one.where for one in refused.value.problems] == [f"/records/{len(document['records']) - 1}/path"]


def test_what_is_inside_or_uploaded_already_is_left_alone():
    document = sample("request-nl.json")
    document["records"] = [
        {"id": "INSIDE", "title": "Text", "contentType": "text/plain", "data": "QQ=="},
        {"id": "UPLOADED", "title": "Scan", "contentType": "image/png", "sha256": "ab" * 32},
    ]
    document["consent"]["shareRecords"].pop("records", None)
    for statement in document["consent"].values():
        statement.pop("document", None)
    body = encoded(document)
    prepared = hand_over(body, SAMPLES)
    assert (prepared.body, dict(prepared.files)) == (body, {})


def test_the_same_file_named_twice_is_uploaded_once():
    document = sample("request-nl.json")
    first = document["records"][0]
    document["records"].append({**first, "id": "AGAIN"})
    prepared = hand_over(encoded(document), SAMPLES)
    hashes = [one["sha256"] for one in json.loads(prepared.body)["records"] if "sha256" in one]
    assert hashes[0] == hashes[-1]
    assert len(prepared.files) == len(set(hashes))


def test_a_file_that_is_not_the_one_that_was_hashed_is_refused(tmp_path):
    document = sample("request-nl.json")
    document["records"] = [{"id": "R", "title": "R", "contentType": "text/plain", "path": "r.txt", "sha256": "0" * 64}]
    document["consent"]["shareRecords"].pop("records", None)
    for statement in document["consent"].values():
        statement.pop("document", None)
    (tmp_path / "r.txt").write_bytes(b"other bytes")
    with pytest.raises(Invalid) as refused:
        hand_over(encoded(document), tmp_path)
    assert [one.where for one in refused.value.problems] == ["/records/0/sha256"]


@given(st.binary(max_size=200) | st.text(st.characters(exclude_categories=["Cs"])).map(str.encode))
def test_what_is_no_canonical_document_goes_on_as_it_is(body):
    prepared = hand_over(body, SAMPLES)
    assert (prepared.body, dict(prepared.files)) == (body, {})


@pytest.mark.parametrize("name", ["second-opinion-request/2", "second-opinion-report/0"])
def test_another_version_of_a_format_is_refused_here_already(name):
    with pytest.raises(UnknownFormat):
        hand_over(encoded({"format": name}), SAMPLES)


@pytest.mark.parametrize("odd", ['"\\ud800"', "1e999", "[[[", '"', "NaN", "9" * 400, '{"a": 1, "a": 2}', "\x00"])
@pytest.mark.parametrize("member", ["id", "questions", "records", "notes"])
def test_odd_json_goes_on_as_it_is_or_is_refused_and_is_never_a_crash(member, odd):
    document = sample("request-nl.json") | {member: "ODD"}
    body = json.dumps(document).replace('"ODD"', odd).encode()
    try:
        prepared = hand_over(body, SAMPLES)
    except InputError as refused:
        assert all(one.text for one in refused.problems)  # noqa: PT017 - both ends are right
    else:
        assert (prepared.body, dict(prepared.files)) == (body, {})


@given(percent=st.floats(0, 100), notes=st.text(st.characters(exclude_categories=["Cc", "Cs"])).filter(str.strip))
def test_numbers_and_texts_arrive_as_they_were_written(percent, notes):
    document = sample("request-nl.json") | {"notes": notes}
    document["consulting"]["reimbursedPercent"] = percent
    after = json.loads(hand_over(encoded(document), SAMPLES).body)
    assert (after["notes"], after["consulting"]["reimbursedPercent"]) == (notes, percent)
