"""Reading a directory: a page at a time, each with its rows in one transaction, so that it goes on where it stopped."""

from __future__ import annotations

import hashlib
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone

from wholepicture.core.partners.directory import RowError, read_service
from wholepicture.core.partners.directory import Service as Read
from wholepicture.web.accounts.models import Force, User
from wholepicture.web.accounts.services.outgoing import OPENER
from wholepicture.web.audit.services import record
from wholepicture.web.errors import CannotDoError
from wholepicture.web.partners.access import may_run_directory
from wholepicture.web.partners.models import (
    Feed,
    Import,
    Organisation,
    Refused,
    Service,
    ServiceKind,
    ServicePlace,
)
from wholepicture.web.partners.selectors.directory import district_of
from wholepicture.web.partners.selectors.wording import kind_called, kind_choices

PAGE = 100
MOST_BYTES = 20_000_000
PATIENCE_SECONDS = 20
MOST_TRIES = 12
LEASE = timedelta(minutes=3)
WITHHELD_KINDS = frozenset({"refuge"})


@transaction.atomic
def begin_import(*, force: Force, by: User | None, name: str, address: str = "", content: str = "") -> Import:
    """Begin to read a feed's address, or a file. The worker does it; a reading under way of the same feed is gone on with.

    Raises:
        CannotDoError: neither or both are given, the address may not be called, or the file is no directory.
    """
    if by is not None and (not may_run_directory(by) or by.force_id != force.pk):
        raise PermissionDenied
    if bool(address.strip()) == bool(content):
        raise CannotDoError("Give an address or a file.")
    if content:
        _rows_of(content)
    else:
        _may_be_called(address)
    feed, _ = Feed.objects.get_or_create(
        force=force, address=address.strip(), name=name.strip()[:120] or "Directory", defaults={"made_by": by}
    )
    if not content:
        held = feed.imports.filter(state=Import.State.WAITING).first()
        if held:
            return held
    run = Import.objects.create(feed=feed, content=content, by=by)
    record(by=by, what="directory.import-begun", about=f"import:{run.pk}", why=feed.name)
    return run


def _may_be_called(address: str) -> None:
    parts = urlsplit(address.strip())
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.username or parts.query:
        raise CannotDoError(
            "Give the address of the API, such as https://directory.example.gov.uk/openreferral."
        )
    if parts.netloc not in settings.DIRECTORY_HOSTS:
        raise CannotDoError(
            f"{parts.netloc} is not among the hosts that this site may call. Whoever runs the site can add it (WHOLEPICTURE_DIRECTORY_HOSTS)."
        )


def _rows_of(content: str) -> list[Any]:
    """The rows of a file: a list, the standard's page with "contents", or JSON Lines."""
    text = content.lstrip("\ufeff").strip()
    try:
        found = json.loads(text)
    except ValueError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        try:
            return [json.loads(line) for line in lines] if len(lines) > 1 else _no_directory(error)
        except ValueError:
            return _no_directory(error)
    if isinstance(found, dict):
        rows = found.get("contents", found.get("services", [found] if "id" in found else None))
    else:
        rows = found
    if not isinstance(rows, list) or not rows:
        raise CannotDoError(
            'The file holds no services. It must be JSON: a list of services, or {"contents": [...]} as the standard has it.'
        )
    return rows


def _no_directory(error: ValueError) -> list[Any]:
    raise CannotDoError(f"The file could not be read as JSON ({error}). Mend that place and try again.")


def import_due(now: datetime | None = None, *, most_pages: int = 200) -> int:
    """Read pages of what is due, and say how many. Several workers may do it at once; one that dies loses nothing but its page."""
    done = 0
    while done < most_pages:
        run = _claim()
        if run is None:
            break
        _one_page(run)
        done += 1
    return done


def read_through(run: Import) -> Import:
    """Read one import to its end here and now, for who waits in a shell; what fails is said in ``problem``."""
    while run.state == Import.State.WAITING:
        before = run.next_page
        _one_page(run)
        run.refresh_from_db()
        if run.next_page == before and run.problem:
            break
    return run


@transaction.atomic
def _claim() -> Import | None:
    now = timezone.now()
    skip = connection.features.has_select_for_update_skip_locked
    run = (
        Import.objects.filter(state=Import.State.WAITING, due__lte=now)
        .select_for_update(skip_locked=skip, of=("self",) if skip else ())
        .order_by("due")
        .first()
    )
    if run is None:
        return None
    run.tries, run.due = run.tries + 1, now + LEASE
    run.save(update_fields=["tries", "due"])
    return run


def _one_page(run: Import) -> None:
    """One page: fetched outside, kept inside a transaction that also says where to go on."""
    try:
        rows, pages = _page_of(run)
    except (OSError, ValueError) as error:
        _failed(run, error)
        return
    with transaction.atomic():
        held = Import.objects.select_for_update().select_related("feed__force").get(pk=run.pk)
        if held.state != Import.State.WAITING or held.next_page != run.next_page:
            return
        for number, row in enumerate(rows, 1):
            _one_row(held, number, row)
        held.pages, held.tries, held.problem = pages, 0, ""
        held.next_page += 1
        held.due = timezone.now()
        if held.next_page > pages:
            _finish(held)
        held.save()


def _failed(run: Import, error: Exception) -> None:
    run.problem = f"Page {run.next_page}: {error}"[:300]
    if run.tries >= MOST_TRIES:
        run.state = Import.State.GIVEN_UP
    else:
        run.due = timezone.now() + timedelta(seconds=min(3600, 15 * 2**run.tries))
    run.save(update_fields=["problem", "state", "due"])


def _page_of(run: Import) -> tuple[list[Any], int]:
    """The rows of the page that comes next, and how many pages there are."""
    if run.content:
        rows = _rows_of(run.content)
        first = (run.next_page - 1) * PAGE
        return rows[first : first + PAGE], max(1, -(-len(rows) // PAGE))
    base = run.feed.address.rstrip("/")
    page = _fetch(f"{base}/services?{urlencode({'page': run.next_page, 'per_page': PAGE})}")
    rows = page.get("contents", page.get("content"))
    if not isinstance(rows, list):
        raise ValueError('it holds no "contents".')
    pages = page.get("total_pages", 1)
    if not isinstance(pages, int) or not 0 <= pages <= 100_000:
        raise ValueError("total_pages is no number of pages.")
    return [_whole(base, row) for row in rows], max(1, pages)


def _whole(base: str, row: Any) -> Any:
    """A service in full: lists may leave out times, places and kinds, which its own address has."""
    if (
        not isinstance(row, dict)
        or "service_at_locations" in row
        or "attributes" in row
        or "schedules" in row
    ):
        return row
    try:
        full = _fetch(f"{base}/services/{quote(str(row.get('id', '')), safe='')}")
    except urllib.error.HTTPError as error:
        if error.code in (404, 410, 501):
            return row
        raise
    return full if full.get("id") == row.get("id") else row


def _fetch(address: str) -> dict[str, Any]:
    request = urllib.request.Request(
        address, headers={"Accept": "application/json", "User-Agent": "Wholepicture"}
    )
    with OPENER.open(request, timeout=PATIENCE_SECONDS) as answer:
        raw = answer.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise ValueError("the page is too large.")
    found = json.loads(raw)
    if not isinstance(found, dict):
        raise ValueError("it is no object.")
    return found


def _one_row(run: Import, number: int, row: Any) -> None:
    ident = str(row.get("id", ""))[:200].replace("\0", "") if isinstance(row, dict) else ""
    try:
        read = read_service(row)
    except RowError as error:
        _refuse(run, number, ident, " ".join(error.problems))
        return
    held = run.feed.services.filter(external_id=read.id).first()
    if held is not None and held.seen_in_id == run.pk:
        _refuse(
            run, number, ident, f"The id {read.id} was given before in this feed. The first one was taken."
        )
        return
    _keep(run, read, held)
    for note in read.notes:
        Refused.objects.create(
            run=run, page=run.next_page, row=number, identifier=ident, said=f"Left out: {note}", kept=True
        )


def _refuse(run: Import, number: int, ident: str, said: str) -> None:
    Refused.objects.create(run=run, page=run.next_page, row=number, identifier=ident, said=said)
    run.refused_count += 1


def _keep(run: Import, read: Read, held: Service | None) -> None:
    digest = hashlib.sha256(
        json.dumps([read.body, dict(read.own)], sort_keys=True, ensure_ascii=False).encode()
    ).hexdigest()
    if held is not None and held.digest == digest:
        held.seen_in = run
        held.save(update_fields=["seen_in"])
        run.unchanged += 1
        return
    kinds = kinds_of(read)
    organisation = _organisation(run.feed, read)
    made = held or Service(force=run.feed.force, feed=run.feed, external_id=read.id)
    made.organisation, made.name, made.says, made.status = organisation, read.name, read.says, read.status
    made.minimum_age, made.maximum_age = read.minimum_age, read.maximum_age
    made.assured_on, made.modified_on = read.assured_on, read.modified_on
    made.digest, made.seen_in = digest, run
    made.body, made.own = _storable(read.body), _storable(read.own)
    made.withheld = bool(read.own.get("withheld")) or bool(kinds & WITHHELD_KINDS)
    made.search = " ".join(
        [
            read.name,
            read.says,
            str(read.body.get("eligibility_description") or "")[:4_000].replace("\0", ""),
            organisation.name,
            *read.terms,
            *read.areas,
            *(p.city for p in read.places),
        ]
    ).casefold()
    made.save()
    made.kinds.all().delete()
    ServiceKind.objects.bulk_create(ServiceKind(service=made, kind=k) for k in sorted(kinds))
    made.places.all().delete()
    ServicePlace.objects.bulk_create(
        ServicePlace(
            service=made,
            city=p.city[:100],
            postcode=p.postcode,
            district=district_of(p.postcode)[:5],
            address=p.address,
            latitude=p.latitude,
            longitude=p.longitude,
        )
        for p in read.places
    )
    run.taken += 1


def _storable(value: Mapping[str, Any]) -> dict[str, Any]:
    """Without NULs, which PostgreSQL cannot hold."""
    kept: dict[str, Any] = json.loads(json.dumps(dict(value)).replace("\\u0000", ""))
    return kept


def _organisation(feed: Feed, read: Read) -> Organisation:
    ident = read.organisation_id or f"feed-{feed.pk}"
    name = read.organisation or (
        "Organisation not named" if not read.organisation_id else read.organisation_id
    )
    defaults = {"name": name, "says": read.organisation_says}
    email = read.own.get("email")
    if isinstance(email, str) and "@" in email:
        defaults["email"] = email[:254]
    made, new = Organisation.objects.get_or_create(force=feed.force, external_id=ident, defaults=defaults)
    if not new and read.organisation and (made.name, made.says) != (name, read.organisation_says):
        made.name, made.says = name, read.organisation_says
        made.save(update_fields=["name", "says"])
    return made


def kinds_of(read: Read) -> set[str]:
    """Which kinds of partner a service is: as it says itself, or by its taxonomy terms."""
    known = {k for k, _ in kind_choices()}
    own = read.own.get("kinds")
    said = {k for k in own if isinstance(k, str)} if isinstance(own, list) else set()
    return (said & known) | {k for t in read.terms if (k := kind_called(t))}


def _finish(run: Import) -> None:
    """The feed is read to its end: what it no longer has is closed, not lost."""
    run.state, run.done_at, run.content = Import.State.DONE, timezone.now(), ""
    if run.feed.address:
        left = run.feed.services.exclude(seen_in=run).exclude(status="defunct")
        run.gone = left.update(status="defunct")
    record(
        by=run.by,
        what="directory.imported",
        about=f"import:{run.pk}",
        why=f"{run.taken} taken, {run.unchanged} unchanged, {run.refused_count} refused, {run.gone} gone",
    )
