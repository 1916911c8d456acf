import pytest

from adapter.base.errors import Unreadable
from adapter.intake.readers.er7_delimiters import Delimiters, read_delimiters


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (r"MSH|^~\&|APP", Delimiters("|", "^", "~", "\\", "&")),
        (r"MSH|^~\&#|APP", Delimiters("|", "^", "~", "\\", "&", "#")),
        (r"MSH|^_\&|APP", Delimiters("|", "^", "_", "\\", "&")),
        ("MSH|^~|APP", Delimiters("|", "^", "~")),
        ("MSH|^", Delimiters("|", "^")),
        ("FHS$:*%@$", Delimiters("$", ":", "*", "%", "@")),
        ("msh\t^~\\&\t", Delimiters("\t", "^", "~", "\\", "&")),
    ],
)
def test_what_is_declared_is_read_and_nothing_else(header, expected):
    assert read_delimiters(header) == expected


@pytest.mark.parametrize(
    ("header", "where"),
    [
        ("MSH", "MSH-1"),
        ("MSHX^~", "MSH-1"),
        ("MSH ^~", "MSH-1"),
        ("MSH||APP", "MSH-2"),
        ("MSH|^^\\&|", "MSH-2"),
        (r"MSH|^\~\&|", "MSH-2"),
        ("MSH|^~\\&#!|", "MSH-2"),
        ("MSH|^~\\A|", "MSH-2"),
        ("MSH|^~ &|", "MSH-2"),
        ("BHS|^é|", "BHS-2"),
    ],
)
def test_what_cannot_delimit_is_refused_by_its_field(header, where):
    with pytest.raises(Unreadable) as refused:
        read_delimiters(header)
    assert refused.value.problems[0].where == where
