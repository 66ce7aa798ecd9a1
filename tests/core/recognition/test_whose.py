"""Whose it is: somebody else's vulnerability is never put to this person, and what is unsure to nobody."""

from __future__ import annotations

import pytest

from wholepicture.core.recognition import default_recogniser


def whose(text: str, concept: str) -> list[str]:
    """The labels of those to whom findings of a concept are put; "nobody" for those that are put to nobody."""
    result = default_recogniser().recognise(text)
    labels = {p.id: p.label.lower() for p in result.people}
    found = [f for f in result.findings if f.concept == concept]
    assert found, f"{concept} not found: {[(f.concept, f.text) for f in result.findings]}"
    return sorted({labels[f.person] if f.person else "nobody" for f in found})


@pytest.mark.parametrize(
    ("text", "concept", "who"),
    [
        # Whoever the words begin with.
        ("Ben said his dad drinks every night. Ben is nine.", "alcohol-dependence", "his dad"),
        ("Husband controls all the money. IP has no card.", "limited-money-or-digital-skill", "ip"),
        # A clause between commas is by the way.
        ("The lad's nan, with whom he lives, had a stroke in May.", "brain-injury", "nan"),
        # A suspect's or partner's own.
        ("Suspect is open to CMHT. IP is well.", "community-mental-health", "suspect"),
        ("IP called. Suspect has a social worker. He lives alone.", "isolated", "nobody"),
        ("IP called. The suspect lives alone.", "isolated", "suspect"),
        ("IP called. Her partner phoned the crisis team for her.", "community-mental-health", "ip"),
        ("Husband states wife has bipolar and has stopped taking her lithium.", "treatment-taken", "wife"),
        # Told in another word.
        ("The victim, a 23 year old student, has epilepsy.", "needs-medication-or-equipment", "victim"),
        ("AP is his mother. She is 81 and frail.", "frail-older", "ap"),
        ("The suspect is the victim's grandson. He is a crack user.", "drug-dependence", "suspect"),
        ("She told us that he is her main carer and is on morphine.", "needs-medication-or-equipment", "he (not named)"),
        # To whom it is done.
        ("Mr Ash was punched by a male known to him.", "physical-violence", "mr ash"),
        ("Mr Fox alleges that Mr Bell shouted racist abuse at him.", "targeted-hate", "mr fox"),
        ("Tom says his dad hits his mum when he is drunk.", "physical-violence", "his mum"),
        ("Caller can hear a man shouting. He strangled his girlfriend.", "strangulation", "his girlfriend"),
        ("DP was arrested for punching his brother, who needed stitches.", "serious-injury", "his brother"),
        ("Suspect's ex-partner reported that he strangled her.", "strangulation", "suspect's ex-partner"),
        ("Mrs Bly, 90, was pushed over by him and hurt.", "physical-violence", "mrs bly"),
        ("Victim's ex keeps turning up at her mum's.", "stalking", "victim"),
        ("Son has power of attorney for his mother. She is thin and unwashed.", "neglect", "his mother"),
        # Whose relative it is, and for whom somebody is there.
        ("IP's mum died last year.", "bereaved", "ip"),
        ("Her daughter visits daily. IP is 80.", "informal-carer", "ip"),
        ("Caller is worried about her sister.", "trusted-people", "her sister"),
        ("The boy's father is violent towards his mother.", "hard-childhood", "boy"),
        ("Foster carer reports that Lily, 13, came back with love bites.", "looked-after-child", "lily"),
        ("Female customer, 84, was with a builder. Her son has LPA.", "attorney-or-deputy", "female"),
        ("Mr Pike is low. His mum died and his social worker has left.", "childrens-social-care", "mr pike"),
        ("Inft says her lodger, a young man, is not well. Males take his benefits.", "unexplained-loss", "lodger"),
        # He and she.
        ("IP said that the suspect told her he would kill himself.", "suicidal-thoughts", "suspect"),
        ("The victim was with her aunt Eve, who has bipolar.", "severe-mental-illness", "her aunt eve"),
        ("The victim was staying with an aunt, who has bipolar. She was in tears.", "low-mood-or-anxiety", "nobody"),
        ("IP is worried for her brother's safety as he owes money to dealers.", "debt-bondage", "her brother"),
        ("Informant says her dad is depressed since his wife died.", "low-mood-or-anxiety", "her dad"),
        ("She lives with her nan, who is bedbound.", "lives-with-suspect", "she (not named)"),
        ("Student told another student that she wants to die.", "suicidal-thoughts", "nobody"),
        ("Suspect pushed victim and is on heroin.", "drug-dependence", "suspect"),
        # Names.
        ("Miss Rowe has an ex, Paul Dunn. Dunn is an alcoholic.", "alcohol-dependence", "paul dunn"),
        ("IP says her flatmate Jo is on crack.", "drug-dependence", "flatmate jo"),
        ("Resident Wayne Price was assaulted by another resident, Carl.", "physical-violence", "resident wayne price"),
        # Whoever only tells of it.
        ("Mr Hay was seen by his GP. GP notes no self harm.", "self-harm", "mr hay"),
        ("Her mum found a key card in her coat. Lily, 14, has lost weight. Mum rang. She is self harming.", "self-harm", "nobody"),
        # Orders that somebody has.
        ("M/45 says his ex-wife has a non-mol. He is low.", "civil-protection-order", "his ex-wife"),
    ],
)  # fmt: skip
def test_it_is_put_to_whose_it_is(text: str, concept: str, who: str) -> None:
    found = whose(text, concept)
    assert all(who in label for label in found), found


def test_a_house_number_denies_nothing() -> None:
    result = default_recogniser().recognise("The lady at no 4 has not been seen since Sunday.")
    assert {f.polarity.value for f in result.findings if f.concept == "isolated"} == {"affirmed"}


def test_a_surgery_that_rang_is_nobody() -> None:
    result = default_recogniser().recognise("Lakeview Surgery rang about Mr Hay, who is confused.")
    assert [p.label for p in result.people] == ["Mr Hay"]


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("She has not taken his medication to him.", "suicidal-thoughts"),
        ("Her boyfriend has a learning disability.", "protective-adult"),
        ("She found her after she had taken tablets.", "treatment-taken"),
        ("IP does not drink.", "self-neglect"),
        ("She has not eaten or drunk for two days.", "alcohol-dependence"),
    ],
)
def test_loose_wordings_say_nothing(text: str, concept: str) -> None:
    assert concept not in {f.concept for f in default_recogniser().recognise(text).findings}
