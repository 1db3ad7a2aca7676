"""What pages are called: readable, each its own, the same in every run."""

from __future__ import annotations

import unicodedata

import pytest

from grader.results.page_names import former_page_name, list_name, page_names
from grader.results.students import StudentRecord

ODD_IDS = [
    "Zo\u00eb M\u00fcller", "Zoe Muller", "a/../b", "..", ".hidden", "\u0645\u062d", "<script>", "",
    "a" * 200, "a" * 201, "-rf", "a\x00b", "a\nb", "\udcff", "ana\n", "CON", "lpt1.txt", "ana.",
    "ANA", "Stra\u00dfe", "strasse", "e\u0301", "\u00e9", "\u7f8e\u54b2" * 40, "\u0301\u0301",
    "a~b", "nul",
]  # fmt: skip


def pages(*students: tuple[str, str]) -> list[str]:
    """Return the names of the pages of students, each a name and an id."""
    records = [StudentRecord(id=student, name=name) for name, student in students]
    return list(page_names(records).values())


@pytest.mark.parametrize(
    ("name", "student", "page"),
    [
        ("Jane Smith", "4400", "jane-smith-4400"),
        ("", "student-01", "student-01"),
        ("", "ana.silva_2", "ana.silva_2"),
        ("Jane Smith", "Jane Smith", "jane-smith"),
        ("Jane Smith", "jane@example.org", "jane-smith-jane@example.org"),
        ("Siobh\u00e1n O\u2019Brien", "S12", "siobh\u00e1n-obrien-s12"),
        ("Nguye\u0302\u0303n \u0110a\u0300o", "7", "nguy\u1ec5n-\u0111\u00e0o-7"),
        ("\u4f50\u85e4 \u7f8e\u54b2", "4", "\u4f50\u85e4-\u7f8e\u54b2-4"),
        ("\u0645\u062d \u0627\u0644", "9", "\u0645\u062d-\u0627\u0644-9"),
        ("\u0906\u0930\u0924\u0940", "5", "\u0906\u0930\u0924\u0940-5"),
        ("", "../..", "student"),
        ("", "con", "student-con"),
    ],
)  # fmt: skip
def test_a_page_is_called_by_name_and_id(name: str, student: str, page: str) -> None:
    """In lower case, composed, with the letters that the name has in its own script."""
    assert [f"{page}.html"] == pages((name, student))


def test_no_name_is_refused_by_a_file_system() -> None:
    """None leads out of the folder, is hidden, too long, a device, or ends as Windows drops it."""
    for page in pages(*(("", student) for student in ODD_IDS)):
        stem = page.removesuffix(".html")
        assert not set(page) & set('/\\:*?"<>|\x00\n')
        assert stem[0].isalnum()
        assert stem.strip(". ") == stem
        assert stem.partition(".")[0] not in {"con", "nul", "lpt1"}
        assert len(page.encode()) <= 120
        assert unicodedata.is_normalized("NFC", page)


def test_no_two_students_share_a_page_on_any_file_system() -> None:
    """Neither where case does not count, nor where accents are taken apart."""
    students = [("", student) for student in (*ODD_IDS, "jane-4", "student-ana")]
    students += [
        ("Jane", "4"),
        ("JANE", "4\u200b"),
        ("Student", "ana"),
        ("x" * 99, "1"),
        ("x", "2"),
    ]
    found = [unicodedata.normalize("NFKD", page.casefold()) for page in pages(*students)]

    assert len(students) == len(set(found))


def test_only_those_who_would_share_a_page_have_a_hash() -> None:
    """And whoever else is in the class changes no name; nor does the order."""
    alone = pages(("Ana", "1"))
    first, twin, other = pages(("Jane", "4"), ("", "jane-4"), ("Ana", "1"))

    assert [other] == alone
    assert first.startswith("jane-4~")
    assert twin.startswith("jane-4~")
    assert [other, twin, first] == pages(("Ana", "1"), ("", "jane-4"), ("Jane", "4"))


def test_two_people_of_one_name_are_told_apart_by_their_ids() -> None:
    """No hash is needed."""
    first, second = pages(("Jane Smith", "1"), ("Jane Smith", "2"))

    assert (first, second) == ("jane-smith-1.html", "jane-smith-2.html")


def test_the_names_of_the_version_before_are_known() -> None:
    """A plain id, or a slug and a hash; lists are called so still."""
    assert former_page_name("student-01") == "student-01.html"
    assert former_page_name("Zo\u00eb M") == "Zoe-M~6d6d6ddedc04.html"
    assert list_name("score-90", 2) == "score-90~2.html"
