"""Directories read in: pages that break, ids given twice, dates that are none, stops in the middle, feeds that mislead."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from wholepicture.web.accounts.models import Force, Role, User
from wholepicture.web.errors import CannotDoError
from wholepicture.web.partners.models import Import, Organisation, Service
from wholepicture.web.partners.selectors import directory as looked
from wholepicture.web.partners.selectors.directory import Sought
from wholepicture.web.partners.services import importing


def row(ident: str, **more: Any) -> dict[str, Any]:
    return {
        "id": ident,
        "name": f"Service {ident}",
        "status": "active",
        "organization": {"id": "o1", "name": "A council", "description": "x"},
        **more,
    }


@dataclass
class Feed:
    """A council's API: its rows, how many a page, and what goes wrong (page -> status or text)."""

    address: str = ""
    rows: list[dict[str, Any]] = field(default_factory=list)
    wrong: dict[int, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    whole: dict[str, dict[str, Any]] = field(default_factory=dict)


@pytest.fixture
def feed(settings: Any) -> Iterator[Feed]:
    held = Feed()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            held.asked.append(self.path)
            parts = urlsplit(self.path)
            if parts.path != "/api/services":
                found = held.whole.get(parts.path.rsplit("/", 1)[-1])
                return self.say(200 if found else 404, json.dumps(found or {}))
            query = parse_qs(parts.query)
            page, size = int(query["page"][0]), int(query["per_page"][0])
            wrong = held.wrong.get(page)
            if isinstance(wrong, int):
                return self.say(wrong, "")
            if isinstance(wrong, str):
                return self.say(200, wrong)
            rows = held.rows[(page - 1) * size : page * size]
            pages = -(-len(held.rows) // size)
            return self.say(200, json.dumps({"contents": rows, "total_pages": pages}))

        def say(self, status: int, text: str) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host = f"127.0.0.1:{server.server_port}"
    held.address = f"http://{host}/api"
    settings.DIRECTORY_HOSTS = [host]
    yield held
    server.shutdown()


@pytest.fixture
def keeper(make_user: Callable[..., User]) -> User:
    return make_user(Role.SAFEGUARDING)


def begin(keeper: User, **more: Any) -> Import:
    assert keeper.force
    return importing.begin_import(force=keeper.force, by=keeper, name="Council", **more)


def again() -> None:
    """As if the wait were over."""
    Import.objects.update(due=timezone.now())


def test_pages_are_read_to_the_end(feed: Feed, keeper: User) -> None:
    feed.rows = [row(f"s{n}", attributes=[]) for n in range(250)]
    run = begin(keeper, address=feed.address)
    assert importing.import_due() == 3
    run.refresh_from_db()
    assert (run.state, run.taken, run.pages) == ("done", 250, 3)
    assert Service.objects.count() == 250
    assert Organisation.objects.get().name == "A council"


def test_a_page_that_breaks_is_tried_again_and_it_goes_on_from_there(feed: Feed, keeper: User) -> None:
    feed.rows = [row(f"s{n}", attributes=[]) for n in range(250)]
    feed.wrong = {2: 500}
    run = begin(keeper, address=feed.address)
    importing.import_due()
    run.refresh_from_db()
    assert (run.state, run.next_page, run.taken) == ("waiting", 2, 100)
    assert run.problem.startswith("Page 2: HTTP Error 500")
    for wrong in ("<html>maintenance</html>", '{"contents": 3}', '{"contents": [], "total_pages": "many"}'):
        feed.wrong = {2: wrong}
        again()
        importing.import_due()
    assert Service.objects.count() == 100
    feed.wrong = {}
    again()
    importing.import_due()
    run.refresh_from_db()
    assert (run.state, run.taken, run.problem) == ("done", 250, "")
    assert sum("page=1&" in a for a in feed.asked) == 1


def test_a_feed_that_stays_broken_is_given_up_and_says_so(
    feed: Feed, keeper: User, signed_in: Callable[[User], Client]
) -> None:
    feed.wrong = {1: 503}
    run = begin(keeper, address=feed.address)
    for _ in range(importing.MOST_TRIES + 2):
        importing.import_due()
        again()
    run.refresh_from_db()
    assert run.state == "given-up"
    page = signed_in(keeper).get(reverse("partners:import", args=[run.pk])).content.decode()
    assert "Given up" in page
    assert "503" in page


def test_a_worker_that_dies_loses_its_page_and_nothing_else(
    feed: Feed, keeper: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed.rows = [row(f"s{n}", attributes=[]) for n in range(150)]
    run = begin(keeper, address=feed.address)

    class KilledError(BaseException):
        pass

    kept = importing._one_row

    def dies(held: Import, number: int, given: Any) -> None:
        if given["id"] == "s120":
            raise KilledError
        kept(held, number, given)

    monkeypatch.setattr(importing, "_one_row", dies)
    with pytest.raises(KilledError):
        importing.import_due()
    run.refresh_from_db()
    assert (run.next_page, Service.objects.count()) == (2, 100)
    # Its lease holds for a while, so that nobody else reads the same page meanwhile.
    assert importing.import_due() == 0
    monkeypatch.undo()
    again()
    importing.import_due()
    run.refresh_from_db()
    assert (run.state, run.taken) == ("done", 150)


def test_bad_rows_are_refused_with_their_place_and_good_ones_kept(
    keeper: User, signed_in: Callable[[User], Client]
) -> None:
    rows = [
        row("a"),
        row("b", assured_date="31/02/2026"),
        row("a", name="Again"),
        row("c", status="gone fishing"),
        {"id": "d"},
        "not a service",
        row("e", minimum_age="eleven"),
        row("f", schedules=[{"freq": "WEEKLY", "byday": "MO", "opens_at": "25:99"}]),
    ]
    run = begin(keeper, content=json.dumps({"contents": rows}))
    importing.import_due()
    run.refresh_from_db()
    assert run.state == "done"
    assert set(Service.objects.values_list("external_id", flat=True)) == {"a", "f"}
    assert Service.objects.get(external_id="a").name == "Service a"
    said = {r.row: r.said for r in run.refused.filter(kept=False)}
    assert sorted(said) == [2, 3, 4, 5, 6, 7]
    assert "31/02/2026" in said[2]
    assert "2026-11-26" in said[2]  # how to write it
    assert "given before in this feed" in said[3]
    assert "gone fishing" in said[4]
    notes = [r.said for r in run.refused.filter(kept=True)]
    assert any("25:99" in n for n in notes)
    page = signed_in(keeper).get(reverse("partners:import", args=[run.pk])).content.decode()
    assert "given before in this feed" in page


def test_read_again_nothing_is_doubled_and_what_is_gone_is_closed(feed: Feed, keeper: User) -> None:
    feed.rows = [row(f"s{n}", attributes=[]) for n in range(3)]
    begin(keeper, address=feed.address)
    importing.import_due()
    feed.rows = [row("s0", attributes=[]), row("s1", attributes=[], name="New name")]
    run = begin(keeper, address=feed.address)
    importing.import_due()
    run.refresh_from_db()
    assert (run.taken, run.unchanged, run.gone) == (1, 1, 1)
    assert Service.objects.get(external_id="s1").name == "New name"
    assert Service.objects.get(external_id="s2").status == "defunct"


def test_a_short_list_is_filled_from_each_service(feed: Feed, keeper: User) -> None:
    feed.rows = [row("s1")]
    feed.whole = {"s1": row("s1", attributes=[{"id": "x", "taxonomy_term": {"id": "t", "name": "Housing"}}])}
    begin(keeper, address=feed.address)
    importing.import_due()
    assert [k.kind for k in Service.objects.get().kinds.all()] == ["housing"]


def test_only_hosts_that_are_allowed_are_called(keeper: User, feed: Feed) -> None:
    for address in (
        "http://169.254.169.254/latest",
        "ftp://x/y",
        "https://user@host/x",
        feed.address + "?a=1",
    ):
        with pytest.raises(CannotDoError):
            begin(keeper, address=address)
    assert feed.asked == []


def test_who_may_begin_one(make_user: Callable[..., User], keeper: User) -> None:
    with pytest.raises(PermissionDenied):
        begin(make_user(), content="[]")
    other = Force.objects.create(name="Second")
    with pytest.raises(PermissionDenied):
        importing.begin_import(force=other, by=keeper, name="x", content='[{"id": "a"}]')


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "Give an address or a file"),
        ("{", "could not be read as JSON"),
        ("[]", "holds no services"),
        ('{"other": 1}', "holds no services"),
    ],
)
def test_a_file_that_is_none_says_how_to_mend_it(keeper: User, content: str, said: str) -> None:
    with pytest.raises(CannotDoError, match=said):
        begin(keeper, content=content)


def test_a_file_through_the_page(keeper: User, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(keeper)
    body = "\n".join(json.dumps(row(f"l{n}")) for n in range(2)).encode()
    answer = client.post(
        reverse("partners:imports"), {"name": "Lines", "file": SimpleUploadedFile("x.jsonl", body)}
    )
    assert answer.status_code == 302
    importing.import_due()
    assert Service.objects.count() == 2
    latin = SimpleUploadedFile("x.json", '["caf\xe9"]'.encode("latin-1"))
    refused = client.post(reverse("partners:imports"), {"name": "Latin", "file": latin})
    assert refused.status_code == 400
    assert "UTF-8" in refused.content.decode()


def test_search_by_need_place_age_and_words(directory: list[Service], force: Force) -> None:
    among = Service.objects.filter(force=force)

    def names(**more: Any) -> list[str]:
        return [f.service.name for f in looked.search(among, Sought(**more))]

    assert names(kinds=["idva"]) == ["Independent domestic violence advocates"]
    nearest = names(place="ZZ3 2QP")
    assert nearest[:2] == ["Carers and company", "Fenby Surgery"]
    assert "Children and young people’s mental health" not in names(age=40)
    assert "Children and young people’s mental health" in names(age=12)
    assert names(words="hoard") == ["Safe and well visits"]
    assert names(words="nothing like it") == []


def test_open_now_and_how_fresh(directory: list[Service], force: Force) -> None:
    among = Service.objects.filter(force=force)
    night = timezone.make_aware(datetime(2026, 11, 25, 3, 0))  # a Wednesday
    found = looked.search(among, Sought(kinds=["adult-social-care"]), now=night)
    assert [(f.service.name[-22:], f.open_now) for f in found] == [
        ("ial care: adults at risk"[-22:], False),
        ("care: emergency duty team"[-22:], True),
    ]
    bank = Service.objects.get(name="Customers at risk team")
    assert looked.one(bank).stale
    bank.confirmed_at = timezone.now() - timedelta(days=3)
    assert looked.one(bank).fresh == "Right as of 3 days ago"


def test_looked_up_through_the_page_with_nothing_in_the_address(
    directory: list[Service], officer: User, signed_in: Callable[[User], Client]
) -> None:
    site, at = signed_in(officer), reverse("partners:directory")
    page = site.post(at, {"kind": "housing", "place": "ZZ1 1AA", "age": "34"}).content.decode()
    assert "Housing options and homelessness" in page
    assert "1 found" in page
    assert site.post(at, {"age": "400"}).status_code == 400
    assert "No service in the directory fits" in site.post(at, {"words": "zzz"}).content.decode()
    ignored = site.get(at, {"kind": "housing", "place": "nowhere"}).content.decode()
    assert "1 found" in ignored


def test_who_it_is_for_is_searched_too(keeper: User) -> None:
    rows = [row("a", eligibility_description="For carers of somebody with dementia."), row("b")]
    begin(keeper, content=json.dumps(rows))
    importing.import_due()
    found = looked.search(Service.objects.all(), Sought(words="carers dementia"))
    assert [f.service.external_id for f in found] == ["a"]
