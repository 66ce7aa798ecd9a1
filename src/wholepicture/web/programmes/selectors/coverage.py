"""Reads of programmes: what a version covers, and what it changes."""

from __future__ import annotations

from dataclasses import dataclass

from wholepicture.core.practice import load_default
from wholepicture.core.programmes import Coverage, Difference, compare, coverage_of
from wholepicture.web.programmes.models import Version


@dataclass(frozen=True, slots=True)
class Seen:
    """A version, what it covers, and what differs from the one it is compared with."""

    version: Version
    coverage: Coverage
    against: Version | None
    differences: tuple[Difference, ...]


def seen(version: Version, *, against: int | None = None) -> Seen:
    """A version beside another of the same programme: the one of that number, else the one approved before it."""
    others = version.programme.versions.exclude(pk=version.pk)
    if against is not None:
        other = others.filter(number=against).first()
    else:
        other = (
            others.filter(state=Version.State.APPROVED, number__lt=version.number).order_by("-number").first()
        )
    return Seen(
        version,
        coverage_of(version.content, load_default()),
        other,
        compare(other.content, version.content) if other else (),
    )
