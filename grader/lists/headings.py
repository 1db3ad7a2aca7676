"""What the columns of an LMS's tables hold, by their usual names in many languages."""

from __future__ import annotations

from enum import Enum, auto

from grader.lists.naming import folded

__all__ = ["Holds", "held_by"]


class Holds(Enum):
    """What tells a student in a table."""

    ID = auto()
    LOGIN = auto()
    EMAIL = auto()
    NAME = auto()
    FIRST_NAME = auto()
    LAST_NAME = auto()
    GROUP = auto()
    SECTION = auto()
    ROLE = auto()


_USUAL = {
    Holds.ID: (
        "id, identifier, student id, sis user id, integration id, org defined id, orgdefinedid, "
        "id number, display id, student number, "
        "id nummer, identifikationsnummer, matrikelnummer, studierenden id, "
        "identifiant, numero d identification, numero didentification, "
        "identificador, numero de id, numero de identificacion, numero de identificacao, "
        "identificativo, codice identificativo, identificatie, identificatienummer, "
        "studentnummer, matricola, sid, roster identifier, numer albumu, ogrenci no, "
        "öğrenci numarası, 学号, 学籍番号"
    ),
    Holds.LOGIN: (
        "username, user name, login, login id, sis login id, user id, "
        "benutzername, anmeldename, nom dutilisateur, nombre de usuario, usuario, "
        "nome utente, nome de utilizador, nome de usuario, gebruikersnaam, github username, "
        "nazwa uzytkownika, kullanıcı adı, 用户名, 账号, ユーザー名, ユーザ名"
    ),
    Holds.EMAIL: (
        "email address, email, e mail, e mail address, mail, e mail adresse, "
        "adresse de courriel, courriel, adresse e mail, adresse mail, "
        "direccion de correo, direccion email, correo electronico, correo, "
        "indirizzo email, endereco de e mail, endereco de email, e mailadres, emailadres, "
        "adres e mail, e posta, eposta, 邮箱, 电子邮件, 电子邮箱, メールアドレス"
    ),
    Holds.NAME: (
        "student, name, full name, student name, vollstandiger name, nom complet, "
        "nombre completo, nombre completo del usuario, nome completo, nominativo, "
        "volledige naam, naam, imie i nazwisko, ad soyad, adı soyadı, 姓名, 氏名, 名前"
    ),
    Holds.FIRST_NAME: (
        "first name, firstname, vorname, prenom, nombre, nombres, nome, nome proprio, voornaam, "
        "given name, imie, ad, adı"
    ),
    Holds.LAST_NAME: (
        "last name, lastname, surname, nachname, nom, nom de famille, apellido s, apellidos, "
        "apellido, cognome, apelido, sobrenome, ultimo nome, achternaam, "
        "family name, nazwisko, soyad, soyadı"
    ),
    Holds.GROUP: (
        "group, groups, group name, gruppe, gruppen, groupe, groupes, grupo, grupos, gruppo, "
        "gruppi, groep, groepen, team"
    ),
    Holds.SECTION: (
        "section, sections, kurs, abschnitt, seccion, sezione, seccao, class, klasse, tutorial, "
        "班级, クラス"
    ),
}
_BY_HEADING = {folded(name): kind for kind, names in _USUAL.items() for name in names.split(", ")}


def held_by(heading: str) -> Holds | None:
    """Return what a column of this heading holds of a student, or None where it is no such."""
    return _BY_HEADING.get(folded(heading))
