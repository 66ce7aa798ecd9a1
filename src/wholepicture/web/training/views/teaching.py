"""What a trainer does: courses and their versions, assigning, completion, analysis, classrooms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from wholepicture.core.learning import ContentError, ItemKind, pack
from wholepicture.core.learning.course import MANIFEST
from wholepicture.web.accounts.models import Team, User
from wholepicture.web.theme.lists import text_of
from wholepicture.web.theme.sheets import sheet
from wholepicture.web.training import access
from wholepicture.web.training.forms import AssignForm, ClassroomForm, FileForm, PackageForm, StepForm
from wholepicture.web.training.models import Assignment, Course, CourseVersion
from wholepicture.web.training.scorm import scorm_package
from wholepicture.web.training.selectors import teaching
from wholepicture.web.training.services import assigning, courses
from wholepicture.web.training.services.courses import CannotDoError


def allowed(request: HttpRequest) -> None:
    """Whether somebody runs training here."""
    if not access.may_teach(request.user):
        raise PermissionDenied


def _course(request: HttpRequest, slug: str) -> Course:
    allowed(request)
    return get_object_or_404(Course, force_id=request.user.force_id, slug=slug)


def manage(request: HttpRequest) -> HttpResponse:
    """Courses, scenarios being made, and a package to bring in."""
    allowed(request)
    form = PackageForm(request.POST or None, request.FILES or None)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            version = courses.import_package(data=_read(form.cleaned_data["package"]), by=request.user)
        except ContentError as error:
            problems = error.problems
        except CannotDoError as error:
            problems = [str(error)]
        else:
            messages.success(request, f"{version} is published.")
            return redirect("training:manage-course", slug=version.course.slug)
    context = {
        "courses": Course.objects.filter(force_id=request.user.force_id),
        "drafts": access.drafts_of(request.user).select_related("by"),
        "classrooms": access.classrooms_of(request.user)[:20],
        "form": form,
        "problems": problems,
    }
    return render(request, "training/manage.html", context, status=400 if problems or form.errors else 200)


def _read(upload: Any) -> bytes:
    if upload.size > 20_000_000:
        raise ContentError(["The file is too large: a package may have 20 MB, packed."])
    return bytes(upload.read())


@require_GET
def course(request: HttpRequest, slug: str) -> HttpResponse:
    """One course: its versions, files, and who is to take it."""
    found = _course(request, slug)
    due = timezone.localdate() + timedelta(days=found.latest.content.due_days)
    return _page(request, found, AssignForm(user=request.user, initial={"due_on": due}))


def _page(request: HttpRequest, found: Course, form: AssignForm, status: int = 200) -> HttpResponse:
    latest = found.latest
    context = {
        "course": found,
        "latest": latest,
        "content": latest.content,
        "versions": found.versions.select_related("by"),
        "assignments": found.assignments.filter(ended_at=None).select_related("team", "learner", "by"),
        "today": timezone.localdate(),
        "form": form,
    }
    return render(request, "training/manage_course.html", context, status=status)


@require_POST
def assign(request: HttpRequest, slug: str) -> HttpResponse:
    """Assign a course."""
    found = _course(request, slug)
    form = AssignForm(request.POST, user=request.user)
    if not form.is_valid():
        return _page(request, found, form, 400)
    kind, _, name = form.cleaned_data["to"].partition("-")
    try:
        made = assigning.assign(
            course=found,
            due_on=form.cleaned_data["due_on"],
            by=request.user,
            team=Team.objects.filter(pk=name).first() if kind == "team" else None,
            role=name if kind == "role" else "",
            learner=User.objects.filter(pk=name).first() if kind == "user" else None,
        )
    except CannotDoError as error:
        form.add_error("to", str(error))
        return _page(request, found, form, 400)
    number = len(assigning.reached(made))
    messages.success(
        request,
        f"Assigned to {made.to}: {number} {'person' if number == 1 else 'people'}, by {made.due_on:%-d %B %Y}.",
    )
    return redirect("training:manage-course", slug=slug)


@require_POST
def end_assignment(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """End an assignment."""
    found = _course(request, slug)
    assigning.end_assignment(assignment=get_object_or_404(Assignment, pk=pk, course=found), by=request.user)
    return redirect("training:manage-course", slug=slug)


@require_GET
def export(request: HttpRequest, slug: str) -> HttpResponse:
    """The latest version as a package."""
    latest = _course(request, slug).latest
    response = HttpResponse(pack(latest.files), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{slug}-{latest.number}.zip"'
    return response


@require_GET
def scorm(request: HttpRequest, slug: str) -> HttpResponse:
    """The latest version as a SCORM 1.2 package, for practice in any learning system."""
    latest = _course(request, slug).latest
    response = HttpResponse(scorm_package(latest.content, latest.number), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{slug}-{latest.number}-scorm12.zip"'
    return response


def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Edit one file of a course and publish the whole as a new version."""
    found = _course(request, slug)
    latest = found.latest
    path = request.GET.get("file", MANIFEST)
    if path not in latest.files:
        raise Http404
    form = FileForm(request.POST or None, initial={"text": latest.files[path], "seen": latest.number})
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        files = {**latest.files, path: given["text"].replace("\r\n", "\n")}
        made, problems = _published(
            lambda: courses.publish(
                course=found, files=files, by=request.user, note=given["note"], seen=given["seen"]
            )
        )
        if made:
            return _to_course(request, made)
    step = next((i for i in latest.content.items if i.file == path), None)
    context = {"course": found, "form": form, "path": path, "step": step, "problems": problems}
    context["latest"] = latest
    return render(request, "training/edit.html", context, status=400 if problems or form.errors else 200)


def add_step(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a reading or a check to a course, as a new version of it."""
    found = _course(request, slug)
    latest = found.latest
    form = StepForm(request.POST or None, content=latest.content, initial={"seen": latest.number})
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made, problems = _published(
            lambda: courses.add_step(
                course=found,
                kind=ItemKind(given["kind"]),
                title=given["title"],
                minutes=given["minutes"],
                module=given["module"],
                text=given["text"].replace("\r\n", "\n"),
                by=request.user,
                seen=given["seen"],
            )
        )
        if made:
            return _to_course(request, made)
    context = {"course": found, "form": form, "problems": problems}
    return render(request, "training/add_step.html", context, status=400 if problems or form.errors else 200)


@require_POST
def take_out(request: HttpRequest, slug: str, item: str) -> HttpResponse:
    """Take a step out of a course, as a new version of it."""
    found = _course(request, slug)
    step = found.latest.content.item(item)
    if step is None:
        raise Http404
    seen = request.POST.get("seen", "")
    made, problems = _published(
        lambda: courses.take_out_step(
            course=found, step=step, by=request.user, seen=int(seen) if seen.isdecimal() else None
        )
    )
    if made:
        return _to_course(request, made)
    messages.error(request, " ".join(problems))
    return redirect("training:manage-course", slug=slug)


def _published(publish: Callable[[], CourseVersion]) -> tuple[CourseVersion | None, list[str]]:
    """The version published, or what is wrong."""
    try:
        return publish(), []
    except ContentError as error:
        return None, error.problems
    except CannotDoError as error:
        return None, [str(error)]


def _to_course(request: HttpRequest, made: CourseVersion) -> HttpResponse:
    messages.success(request, f"{made} is published. Whoever has begun goes on in the version they have.")
    return redirect("training:manage-course", slug=made.course.slug)


@require_POST
def close(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a course off the list."""
    courses.close_course(course=_course(request, slug), by=request.user)
    messages.success(request, "The course is closed. What people did in it stays on their records.")
    return redirect("training:manage")


@require_GET
def analysis(request: HttpRequest, slug: str) -> HttpResponse:
    """How the items do, what teams miss, before and after; or the items as CSV."""
    found = _course(request, slug)
    result = teaching.analysis(found)
    if request.GET.get("format") == "csv":
        rows = [
            [
                part.title,
                i.name,
                i.kind,
                "yes" if i.critical else "",
                i.item.takers,
                f"{i.item.facility.value:.3f}",
                f"{i.item.facility.low:.3f}",
                f"{i.item.facility.high:.3f}",
                "" if i.item.discrimination is None else f"{i.item.discrimination:.3f}",
                "; ".join(i.flags),
            ]
            for part in result.parts
            for i in part.items
        ]
        head = [
            "part",
            "item",
            "kind",
            "critical",
            "takers",
            "facility",
            "low",
            "high",
            "discrimination",
            "flags",
        ]
        return sheet(f"items-{slug}", head, rows)
    return render(request, "training/analysis.html", {"course": found, "a": result})


@require_GET
def completion(request: HttpRequest) -> HttpResponse:
    """Who has completed what; or the same as CSV."""
    if not access.may_see_completion(request.user):
        raise PermissionDenied
    offered = list(Course.objects.filter(force_id=request.user.force_id, closed_at=None))
    chosen = next(
        (c for c in offered if c.slug == request.GET.get("course")), offered[0] if offered else None
    )
    team = request.GET.get("team", "")
    rows = teaching.completion(request.user, course=chosen, team=team) if chosen else []
    if request.GET.get("format") == "csv" and chosen:
        table = [
            [
                s.learner.username,
                str(s.learner),
                s.learner.team or "",
                s.state,
                s.due_on,
                s.completed_on,
                "yes" if s.overdue else "",
            ]
            for s in rows
        ]
        return sheet(
            f"completion-{chosen.slug}",
            ["username", "name", "team", "state", "due", "completed", "overdue"],
            table,
        )
    context = {
        "courses": offered,
        "chosen": chosen,
        "rows": rows,
        "team": team,
        "teams": Team.objects.filter(force_id=request.user.force_id)
        if access.may_teach(request.user)
        else [],
        "counts": {
            "completed": sum(s.state == "Completed" for s in rows),
            "overdue": sum(s.overdue for s in rows),
            "all": len(rows),
        },
    }
    return render(request, "training/completion.html", context)


def classroom(request: HttpRequest) -> HttpResponse:
    """Record training given in a room. Good rows are kept; what is wrong with the others is said, to mend and send again."""
    allowed(request)
    form = ClassroomForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method != "POST" or not form.is_valid():
        return render(request, "training/classroom.html", {"form": form}, status=400 if form.errors else 200)
    given = form.cleaned_data
    rows: list[assigning.Row] = []
    try:
        rows = assigning.read_attendance(text_of(given["listed"], given["pasted"]), request.user)
        made = assigning.record_classroom(
            title=given["title"],
            held_on=given["held_on"],
            place=given["place"],
            trainer=given["trainer"],
            minutes=given["minutes"],
            course=given["course"],
            rows=rows,
            by=request.user,
        )
    except CannotDoError as error:
        form.add_error("pasted", str(error))
        bad = [r for r in rows if r.problem]
        return render(request, "training/classroom.html", {"form": form, "bad": bad}, status=400)
    bad = [r for r in rows if r.problem]
    if bad:
        context = {"made": made, "bad": bad, "kept": len(rows) - len(bad)}
        return render(request, "training/classroom_kept.html", context)
    messages.success(request, f"Recorded: {len(rows)} {'person' if len(rows) == 1 else 'people'}.")
    return redirect(reverse("training:manage") + "#classrooms")
