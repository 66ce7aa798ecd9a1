"""The words of accounts, kept so that a misspelt search finds what was meant."""

from __future__ import annotations

from wholepicture.core.spelling import shape_of, words_of
from wholepicture.web.encounters.models import AccountWord, Encounter


def keep_words(force_id: int, text: str) -> None:
    """Add the words of a text that are not kept yet. In order, so that two at once never wait for each other in a ring."""
    words = words_of(text)
    held = set(AccountWord.objects.filter(force_id=force_id, word__in=words).values_list("word", flat=True))
    AccountWord.objects.bulk_create(
        (AccountWord(force_id=force_id, word=w, **shape_of(w)._asdict()) for w in sorted(words - held)),
        ignore_conflicts=True,
    )


def drop_words(force_id: int, text: str) -> None:
    """Let go of the words of a text that is gone, unless they stand in another account."""
    for word in words_of(text):
        if not Encounter.objects.filter(force_id=force_id, narrative__icontains=word).exists():
            AccountWord.objects.filter(force_id=force_id, word=word).delete()
