"""Accounts by their words, however these were spelled, among those somebody may see."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from wholepicture.core.spelling import likely, shape_of, words_of
from wholepicture.web.accounts.models import User
from wholepicture.web.encounters.access import visible_to
from wholepicture.web.encounters.models import AccountWord, Encounter

MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class FoundAccounts:
    """Accounts with the words, latest first; ``instead``: what was looked for besides, in place of a word as typed."""

    accounts: tuple[Encounter, ...]
    instead: tuple[tuple[str, tuple[str, ...]], ...]


def accounts_with(words: str, *, user: User, most: int = 20) -> FoundAccounts:
    """Accounts that have every one of these words, or one that it may be meant for."""
    found = visible_to(user).select_related("started_by").order_by("-happened_at")
    exact = tuple(found.filter(narrative__icontains=words.strip())[:most])
    sought = sorted(words_of(words))[:MOST_WORDS]
    if exact or not sought or user.force_id is None:
        return FoundAccounts(exact, ())
    meant = {word: _meant(user.force_id, word) or [word] for word in sought}
    for words_meant in meant.values():
        found = found.filter(_any_of(words_meant))
    accounts = tuple(found[:most])
    # Only words of accounts that are shown: that another stands somewhere is not everybody's to know.
    there = {w for a in accounts for w in words_of(a.narrative)}
    instead = ((word, tuple(m for m in meant[word] if m != word and m in there)) for word in sought)
    return FoundAccounts(accounts, tuple((word, others) for word, others in instead if others))


def _meant(force_id: int, word: str) -> list[str]:
    shape = shape_of(word)
    near = range(shape.length - 2, shape.length + 3)
    held = AccountWord.objects.filter(force_id=force_id)
    alike = held.filter(first=shape.first, length__in=near) | held.filter(sound=shape.sound)
    return likely(word, alike.values_list("word", flat=True))


def _any_of(words: list[str]) -> Q:
    either = Q()
    for word in words:
        either |= Q(narrative__icontains=word)
    return either
