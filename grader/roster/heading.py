"""Which row of a list is its heading, and what each of its columns holds."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.lists.headings import Holds, held_by
from grader.lists.naming import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from grader.roster.lines import Line

__all__ = ["COLUMNS", "find_heading", "unrecognised"]

LOWEST_HEADING = 20  # rows in which the heading is looked for
SHOWN = 12  # columns that an error lists
COLUMNS = {
    "id": Holds.ID,
    "login": Holds.LOGIN,
    "email": Holds.EMAIL,
    "name": Holds.NAME,
    "first": Holds.FIRST_NAME,
    "last": Holds.LAST_NAME,
    "section": Holds.SECTION,
}
WHOLE_NAME = frozenset({Holds.NAME, Holds.FIRST_NAME, Holds.LAST_NAME})
TELLING = frozenset({Holds.ID, Holds.LOGIN, Holds.EMAIL, *WHOLE_NAME})
JOINING_WORDS = frozenset(("and", "und", "et", "y", "e", "en", "i", "ve"))
# What registrars call their columns. Exports don't go by these: a homework may be called so, too.
_REGISTRARS = {
    Holds.ID: (
        "student no, student nr, studentid, emplid, empl id, campus id, university id, "
        "banner id, matrikelnr, matrikel nr, matrikel, matr nr, matrnr, matnr, mat nr, mtknr, "
        "mtk nr, numero etudiant, numero detudiant, n° etudiant, no etudiant, code etudiant, "
        "matricule, id etudiant, id del estudiante, numero de matricula, nº de matricula, "
        "matricula, niu, dni, expediente, legajo, numero di matricola, n matricola, id studente, "
        "numero de aluno, nº de aluno, nº de alumno, numero de estudante, numero mecanografico, "
        "id do aluno, ra, studentennummer, nr albumu, numer indeksu, nr indeksu, "
        "ogrenci numarasi, öğrenci no, 學號, 学生番号, 学号/工号"
    ),
    Holds.LOGIN: (
        "netid, net id, uniqname, uid, login name, loginname, account, accountname, kennung, "
        "benutzerkennung, nutzerkennung, rz kennung, uni kennung, identifiant de connexion, "
        "kullanici adi, 登录名, 使用者名稱, アカウント, ログインid"
    ),
    Holds.EMAIL: (
        "student email, university email, email id, primary email, mail address, emailadresse, "
        "mailadresse, adresse electronique, adresse e mail universitaire, correo institucional, "
        "email institucional, e mail institucional, posta elettronica, indirizzo e mail, "
        "email istituzionale, adres email, mail uczelniany, e posta adresi, 电子邮件地址, "
        "邮箱地址, 邮件, 電子郵件, メール, eメール"
    ),
    Holds.NAME: (
        "display name, etudiant, alumno, estudiante, studente, aluno, estudante, teilnehmer, "
        "studierende, student en, isim"
    ),
    Holds.FIRST_NAME: "first, given names, forename, forenames, preferred first name, roepnaam, 名",
    Holds.LAST_NAME: "last, family, familienname, primer apellido, apellido 1, 姓",
    Holds.GROUP: "equipo, equipe, equipa, squadra, grupa, team name, 小组, 组, グループ",
    Holds.SECTION: (
        "sektion, tutorium, tutorial group, ubung, ubungsgruppe, seminargruppe, lab, "
        "lab section, td, groupe de td, groupe de tp, classe, clase, curso, turma, turno, klas, "
        "werkgroep, grupa dziekanska, sube, sinif, cohort, child course id, 班級, 班, 组别, 組"
    ),
    Holds.ROLE: "role, roles, rolle, rollen, rol, ruolo, papel, rola, 角色, ロール",
}
_BY_HEADING = {
    folded(name): kind for kind, names in _REGISTRARS.items() for name in names.split(", ")
}


def find_heading(
    lines: Sequence[Line], said: Mapping[str, str]
) -> tuple[Line, dict[Holds, list[int]]] | None:
    """Return the row of headings, and in which columns things stand; None where no row is one.

    It is the first that has all that was said, or else tells a student by two things, or by one.

    Args:
        lines: the table.
        said: headings by what they hold (a key of `COLUMNS`), where they are unusual.
    """
    wanted = {*map(folded, said.values())}
    rows = [line for line in lines[:LOWEST_HEADING] if wanted <= {*map(folded, line.cells)}]
    for least in (1,) if said else (2, 1):
        for line in rows:
            holds = _holds(line.cells, said)
            if sum(bool(holds[kind]) for kind in TELLING) >= least:
                return line, holds
    return None


def unrecognised(path: Path, lines: Sequence[Line], said: Mapping[str, str]) -> UsageError:
    """Return an error that says which columns were seen, and how to name them."""
    top = lines[:LOWEST_HEADING]
    fullest = max(top, key=lambda line: sum(map(bool, line.cells)), default=None)
    cells = [cell for cell in fullest.cells if cell] if fullest else []
    if fullest is None or not cells:
        return UsageError(f"{path} is empty: no row of headings, and no student below it")
    seen = f"row {fullest.row} has {', '.join(map(repr, cells[:SHOWN]))}"
    known = {folded(cell): cell for line in top for cell in line.cells}
    for heading in said.values():
        if folded(heading) not in known:
            close = difflib.get_close_matches(folded(heading), known, 1)
            hint = f"; did you mean {known[close[0]]!r}?" if close else ""
            return UsageError(f"--roster-column: {path} has no column {heading!r} ({seen}){hint}")
    return UsageError(
        f"{path} has no row of headings that tell a student (id, login, e-mail, name); {seen}: "
        f"name them with --roster-column email='…' (of {', '.join(COLUMNS)})"
    )


def _holds(cells: Iterable[str], said: Mapping[str, str]) -> dict[Holds, list[int]]:
    """Return the columns of each thing; what was said is in the column that was said, alone."""
    own = {folded(heading): COLUMNS[what] for what, heading in said.items()}
    kinds = [own.get(folded(cell)) or _usual(cell, own.values()) for cell in cells]
    return {each: [at for at, kind in enumerate(kinds) if kind is each] for each in Holds}


def _usual(heading: str, taken: Iterable[Holds | None]) -> Holds | None:
    words = folded(heading)
    kind = _of(words) or (Holds.NAME if _is_whole_name(words.split()) else None)
    return None if kind in set(taken) else kind


def _of(words: str) -> Holds | None:
    return held_by(words) or _BY_HEADING.get(words)


def _is_whole_name(words: Sequence[str]) -> bool:
    """Tell whether a heading is that of two parts of a name: `Nachname, Vorname`."""
    for at in range(1, len(words)):
        second = words[at:] if words[at] not in JOINING_WORDS else words[at + 1 :]
        parts = {_of(" ".join(words[:at])), _of(" ".join(second))}
        if len(parts) == 2 and parts <= WHOLE_NAME:
            return True
    return False
