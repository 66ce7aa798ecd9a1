"""A directory of services in the shape of Open Referral UK 3.0 (a profile of HSDS 3.0): read it, say what is wrong, write it again.

What the standard has no place for (which controls a service can restore, how it takes referrals) is kept beside it, under
``wholepicture``, and is never served to others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Literal
from uuid import UUID

from dateutil.rrule import FR, MO, MONTHLY, SA, SU, TH, TU, WE, WEEKLY, rrule, weekday

STATUSES = ("active", "inactive", "defunct", "temporarily closed")
OWN = "wholepicture"
TAXONOMY = "Wholepicture kinds of partner"
_DAYS = {"MO": MO, "TU": TU, "WE": WE, "TH": TH, "FR": FR, "SA": SA, "SU": SU}
_SAID = dict(
    zip(_DAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True)
)
_LONGEST = 20_000


class RowError(ValueError):
    """A service that cannot be taken: which fields, what is wrong, and how to mend it."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(" ".join(problems))


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a service is open. Times are local; an end before the beginning is in the night after."""

    freq: str
    byday: tuple[str, ...]
    bymonthday: tuple[int, ...]
    interval: int
    begins: date | None
    ends: date | None
    opens_at: time | None
    closes_at: time | None
    said: str

    def open_at(self, moment: datetime) -> bool:
        """Whether it is open at a local moment."""
        if self.opens_at is None or self.closes_at is None:
            return False
        now = moment.time()
        if self.opens_at <= self.closes_at:
            # 00:00 to 23:59 or later is the whole day.
            return self.opens_at <= now <= self.closes_at and self.on(moment.date())
        if now >= self.opens_at:
            return self.on(moment.date())
        return now <= self.closes_at and self.on(date.fromordinal(moment.date().toordinal() - 1))

    @property
    def words(self) -> str:
        """It as people say it: "Monday, Tuesday, 09:00 to 17:00"."""
        held = [d in self.byday for d in _DAYS]
        days = [said for said, on in zip(_SAID.values(), held, strict=True) if on]
        when = "Every day" if not days or len(days) == 7 else ", ".join(days)
        first = held.index(True) if days else 0
        if 2 < len(days) < 7 and all(held[first : first + len(days)]):
            when = f"{days[0]} to {days[-1]}"
        if self.freq == "MONTHLY":
            when = f"{when}, once a month" if days else "Once a month"
        elif self.interval > 1:
            when = f"{when}, every {self.interval} weeks"
        if self.opens_at and self.closes_at:
            when += f", {self.opens_at:%H:%M} to {self.closes_at:%H:%M}"
        return f"{when} ({self.said})" if self.said else when

    def on(self, day: date) -> bool:
        """Whether it is held on a day."""
        if (self.begins and day < self.begins) or (self.ends and day > self.ends):
            return False
        if self.freq == "MONTHLY":
            return self._held(MONTHLY, day)
        if self.interval > 1 and self.begins:
            return self._held(WEEKLY, day)
        return not self.byday or list(_DAYS)[day.weekday()] in self.byday

    def _held(self, freq: Literal[1, 2], day: date) -> bool:
        begins = self.begins or day.replace(day=1)
        midnight = datetime.combine(day, time())
        days: list[weekday] = [_DAYS[d] for d in self.byday]
        rule = rrule(
            freq,
            dtstart=datetime.combine(begins, time()),
            interval=self.interval,
            byweekday=days or None,
            bymonthday=self.bymonthday or None,
            until=midnight,
        )
        return bool(rule.between(midnight, midnight, inc=True))


@dataclass(frozen=True, slots=True)
class Where:
    """A place at which a service is. Degrees."""

    name: str
    address: str
    city: str
    postcode: str
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class Service:
    """One service: what we use of it. ``body``: all that was given, which is what is served again.

    ``notes``: faults of places and times that were left out of it, the service itself being sound.
    """

    id: str
    name: str
    organisation_id: str
    organisation: str
    organisation_says: str
    status: str
    says: str
    url: str
    email: str
    minimum_age: int | None
    maximum_age: int | None
    assured_on: date | None
    modified_on: date | None
    alert: str
    phones: tuple[str, ...]
    terms: tuple[str, ...]
    areas: tuple[str, ...]
    places: tuple[Where, ...]
    schedules: tuple[Schedule, ...]
    notes: tuple[str, ...] = ()
    own: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)

    def open_at(self, moment: datetime) -> bool | None:
        """Whether it is open at a local moment; None where it does not say when it is."""
        timed = [s for s in self.schedules if s.opens_at and s.closes_at]
        return any(s.open_at(moment) for s in timed) if timed else None


def read_service(row: object, *, organisations: Mapping[str, Mapping[str, Any]] | None = None) -> Service:
    """A service as a feed gives it. ``organisations``: by id, for feeds that name only ``organization_id``.

    Raises:
        RowError: what is missing or wrong, by field.
    """
    if not isinstance(row, dict):
        raise RowError(["The row is no object. Each service must be given as {…}."])
    r = _Row(row)
    ident = r.text("id", must=True, most=100)
    own = row.get(OWN) if isinstance(row.get(OWN), dict) else {}
    org_row = row.get("organization")
    org_id = ""
    if isinstance(org_row, dict):
        org = _Row(org_row, "organization.", r.problems)
        org_id = org.text("id", must=True, most=100)
    else:
        # Lists often leave the organisation out; their single services have it.
        org_id = r.text("organization_id", most=100)
        org = _Row(dict((organisations or {}).get(org_id, {})), "organization.", r.problems)
    found = Service(
        id=ident,
        name=r.text("name", must=True, most=200),
        organisation_id=org_id,
        organisation=org.text("name", most=200),
        organisation_says=org.text("description"),
        status=r.one_of("status", STATUSES, "active"),
        says=r.text("description"),
        url=r.address("url"),
        email=r.email("email"),
        minimum_age=r.age("minimum_age"),
        maximum_age=r.age("maximum_age"),
        assured_on=r.day("assured_date"),
        modified_on=r.day("last_modified"),
        alert=r.text("alert", most=2_000),
        phones=tuple(dict.fromkeys(_phones(row))),
        terms=tuple(dict.fromkeys(_terms(row))),
        areas=tuple(dict.fromkeys(a for x in r.rows("service_areas") if (a := x.text("name")[:300]))),
        places=tuple(_places(r)),
        schedules=tuple(_schedule(x) for x in r.rows("schedules")),
        notes=tuple(r.notes),
        own=own if isinstance(own, dict) else {},
        body={k: v for k, v in row.items() if k != OWN},
    )
    if (
        found.minimum_age is not None
        and found.maximum_age is not None
        and found.minimum_age > found.maximum_age
    ):
        r.wrong("minimum_age", f"is {found.minimum_age}, more than maximum_age {found.maximum_age}.")
    if r.problems:
        raise RowError(r.problems)
    return found


class _Row:
    """One object of a feed, whose fields are asked for by name; what is wrong is gathered."""

    def __init__(self, row: Mapping[str, Any], at: str = "", problems: list[str] | None = None) -> None:
        self.row, self.at = row, at
        self.problems: list[str] = [] if problems is None else problems
        self.notes: list[str] = []

    def wrong(self, name: str, what: str) -> None:
        self.problems.append(f"{self.at}{name} {what}")

    def text(self, name: str, *, must: bool = False, most: int = _LONGEST) -> str:
        value = self.row.get(name)
        if value is None or value == "":
            if must:
                self.wrong(name, "is missing. Give it.")
            return ""
        if not isinstance(value, str):
            self.wrong(name, "must be a text.")
            return ""
        value = value.replace("\0", "").strip()
        if len(value) > most:
            self.wrong(name, f"has {len(value):,} characters; at most {most:,} may be given.")
        if must and not value:
            self.wrong(name, "is missing. Give it.")
        return value

    def one_of(self, name: str, known: tuple[str, ...], default: str) -> str:
        value = self.text(name) or default
        if value not in known:
            self.wrong(name, f"is “{value[:40]}”; it must be one of {', '.join(known)}.")
            return default
        return value

    def address(self, name: str) -> str:
        value = self.text(name, most=2_000)
        if value and not value.lower().startswith(("http://", "https://")):
            self.wrong(name, "must begin with https:// or http://.")
            return ""
        return value

    def email(self, name: str) -> str:
        value = self.text(name, most=254)
        if value and (value.count("@") != 1 or " " in value or "." not in value.split("@")[-1]):
            self.wrong(name, f"“{value[:60]}” is no e-mail address.")
            return ""
        return value

    def age(self, name: str) -> int | None:
        value = self.row.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 150:
            self.wrong(name, "must be a number of years from 0 to 150.")
            return None
        return int(value)

    def day(self, name: str) -> date | None:
        value = self.text(name, most=60)
        if not value:
            return None
        try:
            return date.fromisoformat(value[:10])
        except ValueError:
            self.wrong(name, f"“{value[:40]}” is no date; write it as 2026-11-26.")
            return None

    def time(self, name: str) -> time | None:
        value = self.text(name, most=40)
        if not value:
            return None
        try:
            return time.fromisoformat(value.rstrip("Z")[:8])
        except ValueError:
            self.wrong(name, f"“{value[:40]}” is no time; write it as 09:30.")
            return None

    def degrees(self, name: str, most: float) -> float | None:
        value = self.row.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not -most <= value <= most:
            self.wrong(name, f"must be a number from -{most:.0f} to {most:.0f}.")
            return None
        return float(value)

    def rows(self, name: str) -> list[_Row]:
        value = self.row.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            self.wrong(name, "must be a list of objects.")
            return []
        inner = [_Row(v, f"{self.at}{name}[{n}].", self.notes) for n, v in enumerate(value)]
        for row in inner:
            row.notes = self.notes
        return inner

    def inner(self, name: str) -> _Row:
        value = self.row.get(name)
        row = _Row(value if isinstance(value, dict) else {}, f"{self.at}{name}.", self.problems)
        row.notes = self.notes
        return row


def _schedule(r: _Row) -> Schedule:
    days = tuple(d.strip().upper()[-2:] for d in r.text("byday", most=60).split(",") if d.strip())
    unknown = [d for d in days if d not in _DAYS]
    if unknown:
        r.wrong("byday", f"has {', '.join(unknown)}; days are MO, TU, WE, TH, FR, SA and SU.")
    interval = r.row.get("interval", 1)
    month = [int(d) for d in r.text("bymonthday", most=120).split(",") if d.strip().lstrip("-").isdigit()]
    freq = r.text("freq", most=20).upper() or "WEEKLY"
    if freq not in ("WEEKLY", "MONTHLY"):
        r.wrong("freq", f"is {freq}; it must be WEEKLY or MONTHLY.")
    begins, valid = r.day("dtstart"), r.day("valid_from")
    return Schedule(
        freq,
        tuple(d for d in days if d in _DAYS),
        tuple(d for d in month if 1 <= abs(d) <= 31),
        interval if isinstance(interval, int) and 1 <= interval <= 52 else 1,
        max((d for d in (begins, valid) if d), default=None),
        r.day("valid_to") if r.text("valid_to") != r.text("valid_from") else None,
        r.time("opens_at"),
        r.time("closes_at"),
        r.text("description", most=2_000),
    )


def _places(r: _Row) -> Iterable[Where]:
    for at in r.rows("service_at_locations"):
        place = at.inner("location")
        addresses = place.rows("addresses") or [_Row({}, place.at, r.problems)]
        first = addresses[0]
        parts = [first.text(k, most=250) for k in ("address_1", "address_2", "city", "postal_code")]
        yield Where(
            place.text("name", most=200),
            ", ".join(p for p in parts if p),
            parts[2],
            " ".join(parts[3].upper().split())[:12],
            place.degrees("latitude", 90),
            place.degrees("longitude", 180),
        )


def _dicts(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; none of anything else."""
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def _phones(row: Mapping[str, Any]) -> Iterable[str]:
    organisation = row.get("organization")
    holders: list[Any] = [row, *(organisation,) * isinstance(organisation, dict)]
    for at in _dicts(row.get("service_at_locations")):
        holders += [at, at.get("location")]
    holders += _dicts(row.get("contacts"))
    for holder in holders:
        phones = holder.get("phones") if isinstance(holder, dict) else None
        for phone in _dicts(phones):
            if isinstance(phone.get("number"), str):
                yield phone["number"].replace("\0", "").strip()[:40]


def _terms(row: Mapping[str, Any]) -> Iterable[str]:
    for attribute in _dicts(row.get("attributes")):
        term = attribute.get("taxonomy_term")
        if isinstance(term, dict) and isinstance(term.get("name"), str):
            yield term["name"].replace("\0", "").strip()[:120]


def as_uuid(text: str) -> bool:
    """Whether an identifier is a UUID, as the standard has them."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def page_of(rows: list[Mapping[str, Any]], *, page: int, size: int, total: int) -> dict[str, Any]:
    """One page in the standard's envelope. ``page`` counts from 1."""
    pages = max(1, -(-total // size))
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": page,
        "size": len(rows),
        "first_page": page == 1,
        "last_page": page >= pages,
        "empty": not rows,
        "contents": rows,
    }
