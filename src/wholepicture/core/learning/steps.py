"""Steps put into a course's files and taken out of them, so that its manifest and its files stay of one mind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tomli_w

from wholepicture.core.learning.course import MANIFEST, Item
from wholepicture.core.learning.read import parse_toml


def free_id(files: Mapping[str, str], wanted: str) -> str:
    """The id wanted, or with a number behind it if a step has it already. At most 60 characters."""
    taken = {i["id"] for m in _manifest(files)["modules"] for i in m["items"]}
    wanted = name = wanted[:60].strip("-") or "step"
    n = 2
    while name in taken:
        name, n = f"{wanted[:55]}-{n}", n + 1
    return name


def with_step(files: Mapping[str, str], item: Item, text: str, *, module: str = "") -> dict[str, str]:
    """The files with one step more, at the end of a module; of the last that does not open later, if none is named.

    Raises:
        KeyError: no module has this id.
    """
    table = _manifest(files)
    modules: list[dict[str, Any]] = table["modules"]
    into = next((m for m in modules if m["id"] == module), None)
    if module and into is None:
        raise KeyError(module)
    into = into or next((m for m in reversed(modules) if not m.get("after_days")), modules[-1])
    listed = {
        "id": item.id,
        "kind": item.kind.value,
        "title": item.title,
        "minutes": item.minutes,
        "file": item.file,
    }
    into["items"] = [*into["items"], listed]
    return {**files, MANIFEST: tomli_w.dumps(table), item.file: text}


def without_step(files: Mapping[str, str], ident: str) -> dict[str, str]:
    """The files without one step, without its file unless another step uses it, and without a module that it leaves empty."""
    table = _manifest(files)
    before = {i["file"] for m in table["modules"] for i in m["items"]}
    for module in table["modules"]:
        module["items"] = [i for i in module["items"] if i["id"] != ident]
    table["modules"] = [m for m in table["modules"] if m["items"]]
    unused = before - {i["file"] for m in table["modules"] for i in m["items"]}
    return {p: t for p, t in files.items() if p not in unused} | {MANIFEST: tomli_w.dumps(table)}


def _manifest(files: Mapping[str, str]) -> dict[str, Any]:
    return parse_toml(files[MANIFEST], MANIFEST)
