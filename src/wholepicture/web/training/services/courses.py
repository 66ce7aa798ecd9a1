"""Courses: those that come with the product, packages brought in, and new versions of both."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from wholepicture.core.learning import (
    ContentError,
    Item,
    ItemKind,
    free_id,
    read_course,
    shipped_course,
    shipped_files,
    unpack,
    with_step,
    without_step,
)
from wholepicture.core.learning import Course as Content
from wholepicture.core.practice import load_default
from wholepicture.web.accounts.models import Force, User
from wholepicture.web.audit.services import record
from wholepicture.web.errors import CannotDoError
from wholepicture.web.training.access import may_teach
from wholepicture.web.training.models import Course, CourseVersion

SHIPPED = ("look-beyond-the-obvious",)


@lru_cache(maxsize=8)
def _shipped(name: str) -> tuple[dict[str, str], str]:
    files = shipped_files(name)
    return files, digest_of(files)


def digest_of(files: Mapping[str, str]) -> str:
    """What tells one package from another."""
    return hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()


@transaction.atomic
def install_shipped(force: Force) -> None:
    """Give a force the courses that come with the product, or their newer version; a course edited here is left as it is."""
    for name in SHIPPED:
        files, digest = _shipped(name)
        course = Course.objects.filter(force=force, slug=name).first()
        if course is None:
            title = shipped_course(name).title
            course = Course.objects.create(force=force, slug=name, title=title, shipped=True)
        if course.shipped and not course.versions.filter(digest=digest).exists():
            add_version(course, files, None, "As it comes with the product")


def add_version(course: Course, files: Mapping[str, str], by: User | None, note: str) -> CourseVersion:
    """Keep the next version. It asks neither who may nor whether the files are whole: ``publish`` does both."""
    last = course.versions.order_by("-number").values_list("number", flat=True).first() or 0
    return CourseVersion.objects.create(
        course=course, number=last + 1, files=dict(files), digest=digest_of(files), by=by, note=note[:200]
    )


def check_package(files: Mapping[str, str]) -> Content:
    """The course that files make.

    Raises:
        ContentError: with every fault found.
    """
    return read_course(files, load_default())


@transaction.atomic
def publish(
    *, course: Course, files: Mapping[str, str], by: User, note: str = "", seen: int | None = None
) -> CourseVersion:
    """Publish a new version of a course. ``seen``: the version that the editor began from; another since then is not written over.

    Raises:
        ContentError: the files do not make a course.
        CannotDoError: somebody else published meanwhile.
    """
    if not may_teach(by) or course.force_id != by.force_id:
        raise PermissionDenied
    content = check_package(files)
    course = Course.objects.select_for_update().get(pk=course.pk)
    latest = course.latest
    if seen is not None and latest.number != seen:
        raise CannotDoError(
            f"Version {latest.number} was published by {latest.by or 'the product'} while you were editing version {seen}. "
            "What you wrote is below. Open the newer version in another window and put your changes into it."
        )
    if content.id != course.slug:
        raise CannotDoError(
            f"The course's id is {content.id!r}, and this course is {course.slug!r}. Keep the id as it is."
        )
    if latest.digest == digest_of(files):
        raise CannotDoError("Nothing is different from the version published last.")
    course.title, course.shipped = content.title, False
    course.save(update_fields=["title", "shipped"])
    version = add_version(course, files, by, note)
    record(by=by, what="training.published", about=f"course:{course.pk}", why=f"version {version.number}")
    return version


def add_step(
    *,
    course: Course,
    kind: ItemKind,
    title: str,
    minutes: int,
    module: str,
    text: str,
    by: User,
    seen: int | None = None,
) -> CourseVersion:
    """Publish the course with a reading or a check more, at the end of a module.

    Raises:
        ContentError: the text is not what its kind asks for.
        CannotDoError: the module is gone, or somebody else published meanwhile.
    """
    files = course.latest.files
    name = free_id(files, slugify(title))
    place = f"readings/{name}.md" if kind is ItemKind.READING else f"checks/{name}.toml"
    try:
        files = with_step(files, Item(name, kind, title, minutes, place), text, module=module)
    except KeyError:
        raise CannotDoError("That part of the course is not there any more. Choose another.") from None
    return publish(course=course, files=files, by=by, note=f"With “{title}”", seen=seen)


def take_out_step(*, course: Course, step: Item, by: User, seen: int | None = None) -> CourseVersion:
    """Publish the course without a step. What people did in it stays theirs.

    Raises:
        CannotDoError: nothing would be left, or somebody else published meanwhile.
    """
    if len(course.latest.content.items) == 1:
        raise CannotDoError("It is the only step of this course. Close the course instead.")
    files = without_step(course.latest.files, step.id)
    return publish(course=course, files=files, by=by, note=f"Without “{step.title}”", seen=seen)


@transaction.atomic
def import_package(*, data: bytes, by: User) -> CourseVersion:
    """Bring in a package: a new course, or a new version of the one that has its id.

    Raises:
        ContentError: it cannot be used; nothing is changed.
    """
    if not may_teach(by) or by.force is None:
        raise PermissionDenied
    files = unpack(data)
    content = check_package(files)
    course, made = Course.objects.get_or_create(
        force=by.force, slug=content.id, defaults={"title": content.title}
    )
    if not made:
        return publish(course=course, files=files, by=by, note="Brought in as a package")
    version = add_version(course, files, by, "Brought in as a package")
    record(by=by, what="training.published", about=f"course:{course.pk}", why="version 1")
    return version


@transaction.atomic
def close_course(*, course: Course, by: User) -> None:
    """Take a course off the list. What people did in it stays theirs."""
    if not may_teach(by) or course.force_id != by.force_id:
        raise PermissionDenied
    course.closed_at = timezone.now()
    course.save(update_fields=["closed_at"])
    record(by=by, what="training.course-closed", about=f"course:{course.pk}")


__all__ = [
    "CannotDoError",
    "ContentError",
    "add_step",
    "check_package",
    "close_course",
    "digest_of",
    "import_package",
    "install_shipped",
    "publish",
    "take_out_step",
]
