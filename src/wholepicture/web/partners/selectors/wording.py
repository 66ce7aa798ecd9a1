"""What is said of referrals and of the watch, in a line."""

from __future__ import annotations

from django.utils.translation import gettext

from wholepicture.core.partners.routes import shipped_routes
from wholepicture.core.practice import Kind
from wholepicture.core.recognition import default_recogniser
from wholepicture.web.partners.models import Referral
from wholepicture.web.theme.languages import moment_of


def about(referral: Referral) -> str:
    """Whom and what a referral is about, for those who may know."""
    label = referral.person.label
    return f"{label[:1].upper()}{label[1:]}: {referral.organisation or route_name(referral.route)}"


def route_name(route: str) -> str:
    """What a way of asking is called."""
    found = shipped_routes(default_recogniser().catalogue).routes.get(route)
    return found.name if found else route


def pathway_name(pathway: str) -> str:
    """What a pathway is called."""
    found = default_recogniser().catalogue.pathways.get(pathway)
    return found.name if found else pathway


def waits_for(referral: Referral) -> str:
    """What is awaited, and whether it is late."""
    if referral.attention:
        return gettext(referral.attention)
    if referral.due:
        said = {"what": gettext(referral.due_what), "when": moment_of(referral.due, year=False)}
        if referral.overdue:
            return gettext("late: %(what)s was due %(when)s") % said
        return gettext("%(what)s due %(when)s") % said
    return gettext(referral.state)


def kind_choices() -> list[tuple[str, str]]:
    """Kinds of partner, as they are called."""
    kinds = {k for a in default_recogniser().catalogue.of_kind(Kind.ACTION) for k in a.partner_kinds}
    return sorted(((k, kind_name(k)) for k in kinds), key=lambda pair: pair[1])


_NAMES = {
    "gp": "GP",
    "idva": "Independent domestic violence advocate",
    "marac": "MARAC",
    "first-responder": "First responder (modern slavery)",
}


def kind_name(kind: str) -> str:
    """What a kind of partner is called."""
    return _NAMES.get(kind) or kind.replace("-", " ").replace("childrens", "children’s").capitalize()


def kind_called(text: str) -> str:
    """The kind of partner that a directory's own term names: by what we call it, or by its short name; "" for none."""
    plain = "-".join(text.casefold().replace("’", "").replace("'", "").split())
    called = {"-".join(n.casefold().replace("’", "").split()): k for k, n in kind_choices()}
    return called.get(plain) or (plain if plain in called.values() else "")
