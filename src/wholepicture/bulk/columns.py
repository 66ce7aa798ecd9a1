"""Which column of an extract is what: guessed from its header, shown, saved in a small TOML, and put right there by hand."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path

FILE = "columns.toml"


class BulkError(ValueError):
    """A run cannot go on; the message says what is wrong, where, and how to mend it."""


class Field(StrEnum):
    """What a run can use of an extract."""

    REPORT = "report"
    NARRATIVE = "narrative"
    HAPPENED = "happened"
    RECORDED = "recorded"
    ROLE = "role"
    NUMBER = "person_number"
    GIVEN = "given"
    FAMILY = "family"
    BORN = "born"
    AGE = "age"
    PHONE = "phone"
    ADDRESS = "address"
    POSTCODE = "postcode"
    SEX = "sex"
    ETHNICITY = "ethnicity"


WHAT = {
    Field.REPORT: "the report's own number",
    Field.NARRATIVE: "what was written",
    Field.HAPPENED: "when it happened",
    Field.RECORDED: "when it was recorded",
    Field.ROLE: "the person's part in it",
    Field.NUMBER: "the person's own number: in the force's records, or the health service's",
    Field.GIVEN: "given name",
    Field.FAMILY: "family name",
    Field.BORN: "date of birth",
    Field.AGE: "age in years",
    Field.PHONE: "telephone",
    Field.ADDRESS: "address",
    Field.POSTCODE: "postcode",
    Field.SEX: "sex, for the fairness table alone",
    Field.ETHNICITY: "ethnicity, for the fairness table alone",
}
# Headers as they are met, without case, spaces and marks; the likeliest first.
_HEADERS = {
    Field.REPORT: "report reportid reportno reportnumber reportref incidentid incidentno incidentnumber incident crimeno crimenumber "
    "crimeref occurrence occurrenceid occurrenceno reference ref urn logno logid id",
    Field.NARRATIVE: "narrative summary details description mo text log freetext incidenttext notes oictext circumstances",
    Field.HAPPENED: "happened happenedat incidentdate datetime occurreddate committeddate datefrom startdate when date",
    Field.RECORDED: "recorded recordedat recordeddate daterecorded reporteddate datereported created createdat createddate",
    Field.ROLE: "role involvement involvementtype persontype classification capacity status",
    Field.NUMBER: "personnumber personid personref personreference personurn nominalid nominalno nominalnumber nominalref nominalreference nominal "
    "pncid pncno pnc croid crono nhsno nhsnumber socsecid",
    Field.GIVEN: "given givenname forename forenames forename1 firstname first",
    Field.FAMILY: "family familyname surname lastname last",
    Field.BORN: "born dob dateofbirth birthdate birth",
    Field.AGE: "age ageyears ageatincident",
    Field.PHONE: "phone telephone tel mobile phonenumber contactnumber mobileno",
    Field.ADDRESS: "address homeaddress fulladdress addressline1 address1",
    Field.POSTCODE: "postcode homepostcode postalcode pcode",
    Field.SEX: "sex gender",
    Field.ETHNICITY: "ethnicity ethnicappearance selfdefinedethnicity sde officerdefinedethnicity ethnicorigin",
}
Columns = Mapping[Field, str]


def guess(headers: Iterable[str]) -> dict[Field, str]:
    """Which header is which field. A header serves once; what nothing fits is left out."""
    plain = {re.sub(r"[^a-z0-9]", "", h.casefold()): h for h in headers}
    found: dict[Field, str] = {}
    for field, names in _HEADERS.items():
        for name in names.split():
            if name in plain and plain[name] not in found.values():
                found[field] = plain[name]
                break
    return found


def check(columns: Columns, headers: Iterable[str], file: str) -> None:
    """Hold a mapping against a file's headers.

    Raises:
        BulkError: a column it names is not there, or there is neither a narrative nor a person.
    """
    there = list(headers)
    gone = [f"{field} = {name!r}" for field, name in columns.items() if name not in there]
    if gone:
        raise BulkError(
            f"{file}: {', '.join(gone)}: there is no such column. Its columns are {', '.join(there)}. "
            f"Put {FILE} right in the output folder, and run again."
        )
    if Field.REPORT not in columns:
        raise BulkError(
            f"{file}: no column looks like the report's own number. Its columns are {', '.join(there)}. "
            f'Name it in {FILE} in the output folder, such as report = "Incident No", and run again.'
        )
    if Field.NARRATIVE not in columns and not {Field.GIVEN, Field.FAMILY, Field.BORN} & columns.keys():
        raise BulkError(
            f"{file}: it has neither a narrative nor names. Its columns are {', '.join(there)}. "
            f"Name them in {FILE} in the output folder, and run again."
        )


def read_saved(folder: Path) -> dict[str, dict[Field, str]]:
    """Mappings saved in a run's folder, by file name.

    Raises:
        BulkError: the file is not TOML, or names a field that there is none of.
    """
    path = folder / FILE
    if not path.exists():
        return {}
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BulkError(f"{path}: {error}. Mend it, or delete it to have the columns guessed anew.") from None
    found: dict[str, dict[Field, str]] = {}
    for name, table in tables.items():
        unknown = [k for k in table if k not in list(Field)]
        if unknown:
            raise BulkError(
                f"{path}: [{name}] has {', '.join(unknown)}; a field is one of {', '.join(Field)}."
            )
        found[name] = {Field(k): str(v) for k, v in table.items() if v}
    return found


def as_toml(mappings: Mapping[str, Columns]) -> str:
    """Mappings as they are saved: every field, those not found as ""."""
    lines = [
        "# Which column is what. Put a column's header between the quotes; leave it empty where there is none."
    ]
    for name, columns in mappings.items():
        lines += ["", f"[{_quoted(name)}]"]
        lines += [f"{f.value} = {_quoted(columns.get(f, ''))}  # {WHAT[f]}" for f in Field]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
