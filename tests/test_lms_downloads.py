"""One class as every LMS lets it be downloaded: the same students, and the same work counts."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from lms.downloads import DOWNLOADS
from lms.packing import Form, write

from grader.submissions import find_class

if TYPE_CHECKING:
    from pathlib import Path

FORMS = [(name, form) for name, download in DOWNLOADS.items() for form in download.forms]


@pytest.mark.parametrize(("name", "form"), FORMS, ids=lambda each: getattr(each, "value", each))
def test_a_download_gives_the_class(name: str, form: Form, tmp_path: Path) -> None:
    """Each student once, and what the download tells of each."""
    download = DOWNLOADS[name]
    found = find_class(write(download, form, tmp_path))
    records = {each.student: each.record for each in found.submissions}

    assert not found.doubt
    assert {each.id for each in download.expected} == set(records)
    for expected in download.expected:
        record = records[expected.id]
        for known in ("name", "email", "login", "group", "attempt"):
            assert getattr(expected, known) in {"", 0, getattr(record, known)}
        assert expected.late is None or record.late is expected.late
        if expected.submitted_at:
            told = datetime.fromisoformat(record.submitted_at).replace(tzinfo=None)
            assert told.replace(second=0) == expected.submitted_at.replace(tzinfo=None)
