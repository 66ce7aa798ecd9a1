"""A certificate as a PDF that a screen reader can read (tagged, PDF/UA), made with Typst from texts that are never run as code."""

from __future__ import annotations

import typst
from django.conf import settings
from django.urls import reverse

from wholepicture.web.training.models import Certificate

_PAGE = """
#set document(title: sys.inputs.title + ": certificate", author: "Wholepicture")
#set page(paper: "a4", flipped: true, margin: 28mm)
#set text(size: 15pt, lang: "en", region: "GB")
#place(top + left, rect(width: 100%, height: 5mm, fill: rgb("#12263f"), stroke: none))
#v(16mm)
#heading(level: 1, text(size: 15pt, weight: "regular", fill: rgb("#505a5f"), "Certificate of completion"))
#v(5mm)
#text(size: 34pt, weight: "bold", sys.inputs.name)
#v(2mm)
#text(size: 18pt, "has completed")
#v(1mm)
#text(size: 25pt, weight: "bold", sys.inputs.title)
#v(6mm)
#sys.inputs.when
#linebreak()
#sys.inputs.force
#v(1fr)
#text(size: 11pt, fill: rgb("#505a5f"))[
  Whether this certificate stands can be seen at \\ #link(sys.inputs.address, sys.inputs.address)
]
"""


def address_of(certificate: Certificate) -> str:
    """Where anyone who has been shown a certificate can see that it stands."""
    return f"{settings.ADDRESS.rstrip('/')}{reverse('training:verify', args=[certificate.pk])}"


def certificate_pdf(*, name: str, title: str, when: str, given_by: str, address: str) -> bytes:
    """A certificate from its words."""
    return typst.compile(
        _PAGE.encode(),
        sys_inputs={"name": name, "title": title, "when": when, "force": given_by, "address": address},
        pdf_standards="ua-1",
    )


def pdf_of(certificate: Certificate) -> bytes:
    """The certificate of a course as a PDF."""
    when = f"{certificate.issued_at:%-d %B %Y}, version {certificate.version}"
    if certificate.refresh_by:
        when += f". To be refreshed by {certificate.refresh_by:%-d %B %Y}"
    return certificate_pdf(
        name=certificate.name,
        title=certificate.title,
        when=when,
        given_by=str(certificate.enrolment.course.force),
        address=address_of(certificate),
    )
