"""Decision letters as PDFs that a screen reader can read (PDF/UA), made with Typst from texts that are never run as code."""

from __future__ import annotations

import json
from datetime import timedelta

import typst

from wholepicture.core.licensing import Step
from wholepicture.core.licensing.lifecycle import APPEALABLE
from wholepicture.web.licensing.forms import SAYS
from wholepicture.web.licensing.models import Licence, LicenceEvent

_PAGE = """
#let l = json(bytes(sys.inputs.letter))
#set document(title: l.title, author: l.force)
#set page(paper: "a4", margin: 26mm)
#set text(size: 11pt, lang: "en", region: "GB")
#text(weight: "bold", l.force)
#v(10mm)
#l.name
#v(6mm)
#l.date
#v(6mm)
#heading(level: 1, text(size: 15pt, l.title))
#v(3mm)
#strong(l.decision)
#v(2mm)
#for p in l.why { par(p) }
#if l.conditions.len() > 0 {
  heading(level: 2, text(size: 12pt, "Conditions"))
  for c in l.conditions { list(c) }
}
#v(4mm)
#for p in l.next { par(p) }
#v(8mm)
#l.by
"""


def letter_pdf(licence: Licence, event: LicenceEvent) -> bytes:
    """What was decided, why, and what may be done about it."""
    step, rules = Step(event.step), licence.scheme.content.rules
    following = []
    if step is Step.PROPOSE:
        last = event.on + timedelta(rules.notice_days)
        following.append(
            f"You may answer by {last:%-d %B %Y}. Nothing is decided before that unless you have answered."
        )
    if step in APPEALABLE:
        last = event.on + timedelta(rules.appeal_days)
        following.append(
            f"You may appeal by {last:%-d %B %Y}, under Licences in Wholepicture. The appeal is heard by people who have had no part in this decision."
        )
    if event.until:
        following.append(f"It holds until {event.until:%-d %B %Y}.")
    letter = {
        "title": f"{licence.scheme}: {SAYS.get(event.step, 'begun').lower()}",
        "force": str(licence.scheme.force),
        "name": str(licence.holder),
        "date": f"{event.on:%-d %B %Y}",
        "decision": f"{SAYS.get(event.step, 'Begun')}.",
        "why": [p for p in event.why.split("\n") if p.strip()],
        "conditions": [
            f"{c.text} Measured by: {c.measure}. Seen to by: {c.seen_to_by}. Until {c.until:%-d %B %Y}."
            for c in event.as_event.conditions
        ],
        "next": following,
        "by": f"Decided by {', '.join(event.names)}",
    }
    return typst.compile(_PAGE.encode(), sys_inputs={"letter": json.dumps(letter)}, pdf_standards="ua-1")
