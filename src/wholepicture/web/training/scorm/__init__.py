"""A course as a SCORM 1.2 package that plays by itself in any learning system: for practice, as it carries its own answers.

ADL, "SCORM 1.2 Content Aggregation Model" and "Run-Time Environment" (2001). What is kept between sittings stays within the 4,096
characters that ``cmi.suspend_data`` may have: one character a step, and two digits a scenario.
"""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from wholepicture.core.learning import Course, ItemKind
from wholepicture.core.practice import load_default
from wholepicture.web.theme.prose import prose

HERE = Path(__file__).parent
SUSPEND_LIMIT = 4_096
_WHEN = (2000, 1, 1, 0, 0, 0)


def scorm_package(course: Course, version: int) -> bytes:
    """The zip of a course as SCORM 1.2. The same course gives the same bytes."""
    files = {
        "imsmanifest.xml": _manifest(course, version),
        "index.html": (HERE / "index.html").read_text("utf-8").replace("{{title}}", escape(course.title)),
        "sco.js": (HERE / "sco.js").read_text("utf-8"),
        "sco.css": (HERE / "sco.css").read_text("utf-8"),
        "course.js": f"window.COURSE = {_script(content_of(course))};\n",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, _WHEN), text.encode(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _script(value: Any) -> str:
    """JSON that may stand in a script."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")


def content_of(course: Course) -> dict[str, Any]:
    """What the player plays: readings as safe HTML, checks and scenarios with their keys."""
    steps = [
        {"id": i.id, "kind": i.kind.value, "title": i.title, "module": m.title, **_step(course, i.id, i.kind)}
        for m in course.modules
        for i in m.items
    ]
    return {
        "title": course.title,
        "about": course.about,
        "hits": course.hits,
        "falseAlarms": course.false_alarms,
        "steps": steps,
    }


def _step(course: Course, ident: str, kind: ItemKind) -> dict[str, Any]:
    if kind is ItemKind.READING:
        return {"html": str(prose(course.readings[ident]))}
    if kind is ItemKind.CHECK:
        return {
            "questions": [
                {
                    "text": q.text,
                    "several": q.several,
                    "options": [{"text": o.text, "right": o.right, "why": o.why} for o in q.options],
                }
                for q in course.checks[ident]
            ]
        }
    names = load_default().concepts
    s = course.scenarios[ident]
    return {
        "briefing": s.briefing,
        "minutes": s.minutes,
        "people": [{"code": p.code, "label": p.label} for p in s.people],
        "log": [{"id": x.id, "time": x.time, "who": x.who, "text": x.text} for x in s.log],
        "asks": [
            {
                "id": a.id,
                "whom": s.label(a.whom),
                "person": a.whom,
                "text": a.text,
                "answer": a.answer,
                "guarded": a.guarded,
                "minutes": a.minutes,
                "closes": a.quality.value == "closes",
                "needs": a.needs,
                "why": a.why,
            }
            for a in s.asks
        ],
        "targets": [
            {
                "id": t.id,
                "where": t.where,
                "start": t.start,
                "end": t.end,
                "words": t.words,
                "name": names[t.concept].name,
                "kind": t.kind.value,
                "person": t.person,
                "critical": t.critical,
                "contested": t.contested,
                "why": t.why,
            }
            for t in s.targets
        ],
        "lures": [{"where": u.where, "start": u.start, "end": u.end, "why": u.why} for u in s.lures],
        "actions": [
            {"name": names[a.concept].name, "worth": a.worth.value, "critical": a.critical, "why": a.why}
            for a in sorted(s.actions, key=lambda a: names[a.concept].name)
        ],
        "grade": s.grade.value,
        "gradeWhy": s.grade_why,
        "teaches": s.teaches,
    }


def _manifest(course: Course, version: int) -> str:
    ident = f"wholepicture-{course.id}-{version}"
    files = "".join(f"<file href={quoteattr(n)}/>" for n in ("index.html", "sco.js", "sco.css", "course.js"))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<manifest identifier={quoteattr(ident)} version="1.2" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" '
        'xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">'
        "<metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>"
        f'<organizations default="whole"><organization identifier="whole"><title>{escape(course.title)}</title>'
        f'<item identifier="item" identifierref="sco" isvisible="true"><title>{escape(course.title)}</title>'
        "<adlcp:masteryscore>50</adlcp:masteryscore></item></organization></organizations>"
        f'<resources><resource identifier="sco" type="webcontent" adlcp:scormtype="sco" href="index.html">{files}</resource></resources></manifest>\n'
    )
