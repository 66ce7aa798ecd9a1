"""The certificate of a programme, and the review of a year, as PDFs that a screen reader can read (PDF/UA), made with Typst."""

from __future__ import annotations

import json

import typst
from django.conf import settings
from django.urls import reverse

from wholepicture.web.programmes.models import AnnualReview, Award
from wholepicture.web.training.certificates import certificate_pdf

_REVIEW = """
#let r = json(bytes(sys.inputs.review))
#set document(title: r.title, author: "Wholepicture")
#set page(paper: "a4", margin: (x: 20mm, y: 22mm), footer: context [#set text(size: 9pt, fill: rgb("#505a5f")); #r.title, page #counter(page).display()])
#set text(size: 10.5pt, lang: "en", region: "GB")
#show heading: set block(above: 1.4em, below: 0.7em)
#heading(level: 1, text(size: 20pt, r.title))
#r.made
#heading(level: 2, "What was found")
#r.found
#heading(level: 2, "What will be done")
#r.todo
#for s in r.sections {
  heading(level: 2, s.title)
  par(s.said)
  if s.rows.len() > 0 {
    set text(size: 9pt)
    table(
      columns: s.head.len(),
      stroke: (x: none, y: 0.5pt + rgb("#b1b4b6")),
      inset: (x: 4pt, y: 5pt),
      table.header(..s.head.map(h => strong(h))),
      ..s.rows.flatten(),
    )
  }
}
"""


def address_of(award: Award) -> str:
    """Where anyone who has been shown a certificate can see that it stands."""
    return f"{settings.ADDRESS.rstrip('/')}{reverse('programmes:verify', args=[award.pk])}"


def award_pdf(award: Award) -> bytes:
    """The certificate of a programme."""
    when = f"{award.issued_at:%-d %B %Y}, version {award.version}"
    if award.refresh_by:
        when += f". To be refreshed by {award.refresh_by:%-d %B %Y}"
    return certificate_pdf(
        name=award.name, title=award.title, when=when, given_by=award.given_by, address=address_of(award)
    )


def review_pdf(review: AnnualReview) -> bytes:
    """The review of a year with its figures."""
    table = {
        "title": f"{review.programme}: review of {review.year}",
        "made": f"Made on {review.at:%-d %B %Y} by {review.by}. Figures as they were then.",
        "found": review.found,
        "todo": review.todo,
        "sections": review.figures,
    }
    return typst.compile(_REVIEW.encode(), sys_inputs={"review": json.dumps(table)}, pdf_standards="ua-1")
