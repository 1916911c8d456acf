"""Where a record's bytes are; FHIR R4 Attachment.hash is SHA-1, https://hl7.org/fhir/R4/datatypes.html#Attachment"""

import hashlib
import io
import os
from dataclasses import replace

import pytest

from adapter.base.errors import Invalid
from adapter.domain.records import Record
from adapter.domain.report import ReportDocument
from adapter.intake.canonical import read_report, read_request
from adapter.intake.record_content import measure, resolve_contents, resolve_document

HELLO = hashlib.sha256(b"hello").hexdigest()


def nothing_uploaded(_):
    return None


@pytest.fixture
def a_request(full_request, as_bytes):
    whole = read_request(as_bytes(full_request))
    return lambda *records: replace(whole, records=records)


def refused(request, **where_from):
    with pytest.raises(Invalid) as caught:
        resolve_contents(request, **{"base": None, "uploaded": nothing_uploaded} | where_from)
    return [problem.where for problem in caught.value.problems]


def test_the_records_of_the_samples_are_found(sample, samples_folder):
    for name in ("request-de.json", "request-nl.json"):
        request = read_request(sample(name))
        found = resolve_contents(request, base=samples_folder, uploaded=nothing_uploaded)
        assert found.keys() == {record.id for record in request.records}
        for record in request.records:
            data = (samples_folder / record.path).read_bytes()
            content = found[record.id].content
            assert (content.sha256, content.size_bytes) == (hashlib.sha256(data).hexdigest(), len(data))
            assert content.sha1 == hashlib.sha1(data, usedforsecurity=False).hexdigest()
    for name in ("report-de.json", "report-nl.json"):
        assert resolve_document(read_report(sample(name)), base=samples_folder, uploaded=nothing_uploaded) is not None


def test_data_is_decoded_and_its_hash_checked(a_request):
    request = a_request(Record(id="a", data="aGVsbG8=", sha256=HELLO), Record(id="b", data="aGVsbG8="))
    found = resolve_contents(request, base=None, uploaded=nothing_uploaded)
    assert (found["a"].source, found["b"].source) == (b"hello", b"hello")
    assert found["a"].content == found["b"].content


def test_an_uploaded_record_is_found_by_its_hash(a_request, tmp_path):
    file = tmp_path / "blob"
    file.write_bytes(b"hello")
    request = a_request(Record(id="a", sha256=HELLO))
    found = resolve_contents(request, base=None, uploaded={HELLO: file}.get)
    assert (found["a"].source, found["a"].content.size_bytes) == (file, 5)


def test_all_that_is_wrong_with_the_contents_is_told_at_once(a_request, tmp_path):
    (tmp_path / "hello.txt").write_bytes(b"hello")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    request = a_request(
        Record(id="fine", path="hello.txt", sha256=HELLO),
        Record(id="missing", path="none.pdf"),
        Record(id="changed", path="hello.txt", sha256="0" * 64),
        Record(id="folder", path="folder"),
        Record(id="pipe", path="pipe"),
        Record(id="long", path="x" * 4000),
        Record(id="elsewhere", url="https://pacs.example.org/1"),
        Record(id="mixed-up", data="aGVsbG8=", sha256="0" * 64),
        Record(id="not-uploaded", sha256="0" * 64),
    )
    assert refused(request, base=tmp_path) == [
        "/records/1/path",
        "/records/2/sha256",
        "/records/3/path",
        "/records/4/path",
        "/records/5/path",
        "/records/6/url",
        "/records/7/sha256",
        "/records/8/sha256",
    ]


def test_a_file_that_may_not_be_read_is_told(a_request, tmp_path, monkeypatch):
    file = tmp_path / "secret.pdf"
    file.write_bytes(b"x")

    def denied(*_):
        raise PermissionError

    monkeypatch.setattr("pathlib.Path.open", denied)
    assert refused(a_request(Record(id="a", path=str(file))), base=tmp_path) == ["/records/0/path"]


def test_over_http_no_path_is_looked_at(a_request):
    assert refused(a_request(Record(id="a", path="/etc/hostname"))) == ["/records/0/path"]


def test_a_path_may_lead_anywhere_on_the_users_own_machine(a_request, tmp_path):
    (tmp_path / "records").mkdir()
    (tmp_path / "hello.txt").write_bytes(b"hello")
    request = a_request(Record(id="a", path="../hello.txt"), Record(id="b", path=str(tmp_path / "hello.txt")))
    found = resolve_contents(request, base=tmp_path / "records", uploaded=nothing_uploaded)
    assert found["a"].content == found["b"].content


def test_a_report_without_document_has_no_content_and_one_with_a_wrong_one_is_refused(full_report, as_bytes):
    report = read_report(as_bytes(full_report))
    assert resolve_document(report, base=None, uploaded=nothing_uploaded).source == b"hello"
    assert resolve_document(replace(report, document=None), base=None, uploaded=nothing_uploaded) is None
    wrong = replace(report, document=ReportDocument(content_type="application/pdf", path="x.pdf"))
    with pytest.raises(Invalid) as caught:
        resolve_document(wrong, base=None, uploaded=nothing_uploaded)
    assert caught.value.problems[0].where == "/document/path"


def test_a_stream_is_measured_in_pieces():
    class Pieces(io.BytesIO):
        largest = 0

        def read(self, size=-1):
            Pieces.largest = max(Pieces.largest, size)
            assert size > 0
            return super().read(size)

    data = b"x" * (3 * 1024 * 1024 + 1)
    assert measure(Pieces(data)).sha256 == hashlib.sha256(data).hexdigest()
    assert Pieces.largest <= 1024 * 1024
