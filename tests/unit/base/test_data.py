"""Shipped data is found in the source tree and in the wheel."""

import pytest

from adapter.base import data
from adapter.base.data import shipped
from adapter.base.errors import SetupError


@pytest.mark.parametrize(("name", "inside"), [("mappings", "coverage"), ("samples", "request-nl.json")])
def test_shipped_folders_are_found(name, inside):
    assert (shipped(name) / inside).exists()


def test_the_wheels_own_folder_comes_first(tmp_path, monkeypatch):
    package = tmp_path / "adapter"
    for folder in ("adapter/_data/mappings", "mappings", "examples/samples"):
        (tmp_path / folder).mkdir(parents=True)
    monkeypatch.setattr(data, "_PACKAGE", package)
    assert shipped("mappings") == package / "_data" / "mappings"
    assert shipped("samples") == tmp_path / "examples" / "samples"


def test_an_incomplete_installation_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(data, "_PACKAGE", tmp_path / "adapter")
    with pytest.raises(SetupError, match="'profiles' is missing: reinstall"):
        shipped("profiles")
