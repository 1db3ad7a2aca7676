"""Tables that LMSs give: read, one cell set, and written again byte for byte."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.lists.table import Table, read_table

if TYPE_CHECKING:
    from pathlib import Path

CELLS = st.text(st.sampled_from("a1é ,;\"'=\n\r\t|王"), max_size=6)


@given(st.text(st.sampled_from('ab ,;"\n\r\t|é'), max_size=40))
def test_whatever_is_read_is_written_as_it_was(text: str) -> None:
    """Also what no program would write; quotes that don't end are refused."""
    content = text.encode()
    try:
        table = Table.parse(content)
    except ValueError as error:
        assert "never closed" in str(error)  # noqa: PT017 - most texts are tables
    else:
        assert table.content() == content


@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=5), min_size=1, max_size=4),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from([",", ";", "\t"]),
    st.booleans(),
)
def test_cells_say_what_they_say_to_others(
    rows: list[list[str]], encoding: str, separator: str, quoted: bool
) -> None:
    """Python's own reader is the judge, but for blanks around a cell; all that is set is set."""
    text = io.StringIO()
    dialect = csv.unix_dialect if quoted else csv.excel
    csv.writer(text, dialect, delimiter=separator).writerows([list("123456"), *rows])
    table = Table.parse(f"sep={separator}\n{text.getvalue()}".encode(encoding))

    assert [row.values for row in table.rows[2:]] == [
        [cell.strip() for cell in row] for row in rows
    ]
    table.put(table.rows[2], 1, "7,5")
    read = list(csv.reader(io.StringIO(table.content().decode(encoding)), delimiter=separator))
    assert read[2:] == [[rows[0][0], "7,5", *rows[0][2:]], *rows[1:]]


@pytest.mark.parametrize(
    ("content", "separator", "second_row"),
    [
        (b'a,"b\r\nb"\r\n1,2\r\n', ",", ["1", "2"]),
        ("Straße;Ñ\r1,5;2".encode("cp1252"), ";", ["1,5", "2"]),
        ('"Müller, J."\t1\n\t\n'.encode("utf-16"), "\t", ["", ""]),
        ("a\tb\n1\t2\n".encode("utf-16-le"), "\t", ["1", "2"]),
        (b"a;b,c\n\x81\x9d;\xff\n", ";", ["\udc81\udc9d", "ÿ"]),
        (b"\xef\xbb\xbfa|b\n\xff|\n", "|", ["\udcff", ""]),
    ],
    ids=["line end in a cell", "Windows", "UTF-16", "no mark", "bytes of nothing", "half UTF-8"],
)
def test_encodings_and_separators_are_found(
    content: bytes, separator: str, second_row: list[str]
) -> None:
    """And kept, also where a byte stands for no letter."""
    table = Table.parse(content)

    assert (table.separator, table.rows[1].values) == (separator, second_row)
    assert table.content() == content


def test_a_short_row_is_made_longer_and_quotes_stay(tmp_path: Path) -> None:
    """Only the set cell changes; what needs quotes gets them."""
    path = tmp_path / "table.csv"
    path.write_bytes(b'a,b,c\n1\n"x","y","z"\n1,2,3')
    table = read_table(path)
    for row, value in zip(table.rows[1:], ("7.5", "8", "9,5"), strict=True):
        table.put(row, 2, value)

    assert table.content() == b'a,b,c\n1,,7.5\n"x","y","8"\n1,2,"9,5"'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'a,b\n1,"2\n3,4\n', "the quotes that begin in line 2 are never closed"),
        (b"PK\x03\x04\x14\x00", "is a workbook: pass the text file that the LMS gave"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "is a workbook"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "it is not a text file"),
        ("a,b\n".encode("utf-16") + b"x", "is damaged: it is not utf-16"),
        (None, "can't be read: No such file"),
    ],
)
def test_what_is_no_table_is_told_in_one_line(
    tmp_path: Path, content: bytes | None, words: str
) -> None:
    """With the name of the file."""
    path = tmp_path / "table.csv"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(UsageError, match=words) as caught:
        read_table(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
