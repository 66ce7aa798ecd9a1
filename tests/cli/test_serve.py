"""The site as it is served: up with its worker, strict about what a request is, down when told."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("WHOLEPICTURE_", "DJANGO_"))}
    environment["WHOLEPICTURE_VAR"] = str(tmp_path_factory.mktemp("served"))
    command = [sys.executable, "-m", "wholepicture.cli.main", "serve", "--demo", "--port", str(number)]
    site = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            requests.get(f"http://127.0.0.1:{number}/approach", timeout=5)
            break
        except requests.RequestException:
            time.sleep(0.2)
    yield number
    children = subprocess.run(
        ["pgrep", "-P", str(site.pid)], capture_output=True, text=True, check=True
    ).stdout.split()
    assert len(children) >= 2  # one that serves, one that sends
    site.send_signal(signal.SIGTERM)
    said, _ = site.communicate(timeout=30)
    assert site.returncode == 0
    assert "Wholepicture is at http://localhost:" in said
    assert "Traceback" not in said
    assert "Warning" not in said
    assert not any(Path(f"/proc/{child}").exists() for child in children)


def raw(port: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(request)
        line.shutdown(socket.SHUT_WR)
        answer = b""
        while part := line.recv(65536):
            answer += part
    return answer


def test_it_answers(port: int) -> None:
    assert requests.get(f"http://127.0.0.1:{port}/approach", timeout=10).status_code == 200


@pytest.mark.parametrize(
    "lengths",
    [
        b"Content-Length: 4\r\nContent-Length: 40\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        b"Content-Length: +4\r\n",
        b"Transfer-Encoding: xchunked\r\n",
    ],
)
def test_a_request_of_two_lengths_is_refused(port: int, lengths: bytes) -> None:
    hidden = b"GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n"
    answer = raw(
        port, b"POST /approach HTTP/1.1\r\nHost: localhost\r\n" + lengths + b"\r\n0\r\n\r\n" + hidden
    )
    assert answer.startswith(b"HTTP/1.1 400")
    assert answer.count(b"HTTP/1.1") == 1
