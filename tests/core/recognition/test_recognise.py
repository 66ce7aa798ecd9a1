"""What the text says: found in many styles, read in its context, and put on the right person."""

import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wholepicture.core.practice import State, load_default
from wholepicture.core.recognition import Finding, Recognised, Recogniser, default_recogniser


def recognise(text: str) -> Recognised:
    return default_recogniser().recognise(text)


def only(text: str, concept: str) -> Finding:
    found = [f for f in recognise(text).findings if f.concept == concept]
    assert found, f"{concept} not found in {text!r}: {[f.concept for f in recognise(text).findings]}"
    return found[0]


def holder(text: str, concept: str) -> str | None:
    result = recognise(text)
    found = next(f for f in result.findings if f.concept == concept)
    return next((p.label.lower() for p in result.people if p.id == found.person), None)


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("He put both his hands tightly around her throat", "strangulation"),
        ("SUSP PINNED HER BY THE THROAT", "strangulation"),
        ("she couldnt breathe", "strangulation"),
        ("IP is 14 weeks pregnant", "pregnant"),
        ("IP is pregnnant", "pregnant"),
        ("Male appeared to be hallucinatng and was suicdal", "suicidal-thoughts"),
        ("male with LD living alone", "learning-disability"),
        ("reported MISPER from care home", "missing-now-or-often"),
        ("detained s136 and taken to hospital", "mental-health-crisis"),
        ("he wont let her see her friends", "coercive-control"),
        ("has been\nsleeping rough", "homeless-or-unfit-home"),
        ("male is NFA, no address given, sleeping in a doorway", "homeless-or-unfit-home"),
        ("she’s self‑harming again", "self-harm"),
        ("Thirty texts a day and he keeps turning up outside her work", "stalking"),
    ],
)
def test_it_is_found(text: str, concept: str) -> None:
    assert only(text, concept).text


@pytest.mark.parametrize(
    "text",
    [
        "She did not give her support for her partner to be prosecuted.",
        "The crime was closed without speaking to her partner.",
        "Her partner denies it.",
        "If her partner returns she will call.",
    ],
)
def test_whoever_is_named_as_somebody_s_is_there_whatever_the_verb(text: str) -> None:
    assert only(text, "partner-or-ex").state is State.PRESENT


def test_who_is_not_somebody_s_is_not_made_so() -> None:
    assert only("He is not her partner.", "partner-or-ex").state is not State.PRESENT


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("Crime NFA'd, no further action", "homeless-or-unfit-home"),
        ("wallet missing from her bag", "missing-now-or-often"),
        ("after a pregnant pause he spoke", "pregnant"),
        ("BPD officers responded to the call", "severe-mental-illness"),
        ("charged with possession of Class A, cocaine", "drug-dependence"),
        ("the suspect talked to the older officer", "stalking"),
        ("She is 14 weeks pregnant.", "child"),
        ("He was 6 miles away.", "child"),
        ("Social services had been contacted and had no record of her.", "regulated-provider-safeguarding"),
        ("They asked for a referral to the out-of-hours team.", "just-released-or-closed"),
        ("There was no record of a woman living there.", "new-friend-with-influence"),
        ("The woman had died suddenly and unexpectedly.", "bereaved"),
    ],
)
def test_another_meaning_is_left_alone(text: str, concept: str) -> None:
    assert concept not in [f.concept for f in recognise(text).findings]


@pytest.mark.parametrize(
    ("text", "concept", "polarity", "time", "state"),
    [
        ("No sign of self harm", "self-harm", "negated", "current", State.ABSENT),
        ("IP denies any self harm", "self-harm", "denied", "current", State.NOT_KNOWN),
        ("She said she is not suicidal", "suicidal-thoughts", "denied", "current", State.NOT_KNOWN),
        ("She told us that he has never hit her", "physical-violence", "denied", "current", State.NOT_KNOWN),
        (
            "He said that the lads had never hit him",
            "physical-violence",
            "denied",
            "current",
            State.NOT_KNOWN,
        ),
        ("He states he hasn't self harmed", "self-harm", "denied", "current", State.NOT_KNOWN),
        ("She is not suicidal", "suicidal-thoughts", "negated", "current", State.ABSENT),
        ("?LD", "learning-disability", "uncertain", "current", State.NOT_KNOWN),
        ("He may be suicidal", "suicidal-thoughts", "uncertain", "current", State.NOT_KNOWN),
        ("She has a history of self harm", "self-harm", "affirmed", "historical", State.NOT_KNOWN),
        (
            "If she becomes homeless she will call",
            "homeless-or-unfit-home",
            "affirmed",
            "hypothetical",
            State.NOT_KNOWN,
        ),
        (
            "She is not suicidal but has been drinking heavily",
            "suicidal-thoughts",
            "negated",
            "current",
            State.ABSENT,
        ),
        (
            "She is not suicidal but has been drinking heavily",
            "alcohol-dependence",
            "affirmed",
            "current",
            State.PRESENT,
        ),
        ("Bail conditions expired last year", "bail-or-remand", "affirmed", "historical", State.FAILED),
        ("He has not seen CMHT since March", "community-mental-health", "affirmed", "current", State.FAILED),
        ("Not known to MH services", "community-mental-health", "affirmed", "current", State.ABSENT),
        ("Her daughter visits daily", "informal-carer", "affirmed", "current", State.HOLDING),
        ("IP refuses refuge", "homelessness-or-refuge", "affirmed", "current", State.FAILED),
        ("Said he will kill her", "threats-to-kill-or-weapon", "affirmed", "current", State.PRESENT),
    ],
)
def test_context(text: str, concept: str, polarity: str, time: str, state: State) -> None:
    finding = only(text, concept)
    assert (finding.polarity, finding.time, finding.state) == (polarity, time, state)


@pytest.mark.parametrize(
    ("text", "concept", "who"),
    [
        ("IP was upset. Her son has autism.", "autism", "her son"),
        ("IP called police. The suspect had been drinking.", "alcohol-dependence", "suspect"),
        ("IP's mother has dementia.", "dementia", "ip's mother"),
        ("The victim said her partner is suicidal.", "suicidal-thoughts", "her partner"),
        ("Officers spoke to the male. He has a learning disability.", "learning-disability", "male"),
        ("IP states her ex put his hands round her throat.", "strangulation", "ip"),
        ("Mr James was seen. He has dementia.", "dementia", "mr james"),
        (
            "Male and female in the street. Female had a black eye. Male was arrested.",
            "physical-violence",
            "female",
        ),
        ("The suspect had scratches to his face. Victim was upset.", "physical-violence", "suspect"),
        ("He had a knife in his hand. The female was slapped.", "physical-violence", "female"),
        ("Daddy was hurting mummy.", "physical-violence", "mummy"),
        ("Report by telephone from a neighbour. He has dementia.", "dementia", "he (not named)"),
        ("Call from her landlord, who is worried. She has dementia.", "dementia", "she (not named)"),
        ("Sister rang worried re brother Callum. Veteran, drinks daily.", "armed-forces", "brother callum"),
        ("Probation report that Dean did not attend. He is a heroin addict.", "drug-dependence", "dean"),
        ("Mother of 17 year old reports her daughter has epilepsy.", "child", "her daughter"),
        ("Not seen for a week. He lives alone and has dementia.", "dementia", "he (not named)"),
        ("DP was quiet. Lost access to his kids. Works as a swimming coach.", "position-of-trust", "dp"),
        ("Female and her ex were seen. He controls what she spends.", "coercive-control", "female"),
    ],
)
def test_it_is_put_on_the_right_person(text: str, concept: str, who: str) -> None:
    assert holder(text, concept) == who


@pytest.mark.parametrize(
    "text",
    ["IP has no children. Speaks Polish.", "Female stole baby milk.", "IP in car. Only had two drinks."],
)
def test_nobody_is_made_up(text: str) -> None:
    assert [p.label.lower() for p in recognise(text).people] in (["ip"], ["female"])


@pytest.mark.parametrize(
    "text",
    [
        "Mr Radford's door was open. Mr Radford was not in.",
        "Mr.Radford was seen by Mr. Radford's neighbour.",
        "Caller named Radford Hale said Radford was upset.",
    ],
)
def test_one_name_is_one_person_however_it_is_written(text: str) -> None:
    people = [p for p in recognise(text).people if "radford" in p.label.lower()]
    assert len(people) == 1
    assert [text[start:end].split()[0] for start, end in people[0].mentions][-2:] == ["Radford", "Radford"]


def test_a_letter_for_a_name_is_not_every_sentence_s_first_word() -> None:
    text = "Mr A has dementia. Mr A's wife rang. A neighbour came. Ms B was upset."
    people = {p.label: p.mentions for p in recognise(text).people}
    assert people["Mr A"] == ((0, 4), (19, 23))
    assert people["Ms B"] == ((text.index("Ms B"), text.index("Ms B") + 4),)
    assert holder(text, "dementia") == "mr a"


def test_many_at_once_read_as_one_by_one() -> None:
    texts = ["IP is suicidal.", "", "Her son has autism.", "Nothing."] * 60
    assert list(default_recogniser().recognise_all(texts)) == [recognise(text) for text in texts]


def test_unsure_means_not_said() -> None:
    result = recognise("Two males and two females were there. Suicidal thoughts were mentioned by somebody.")
    assert [f.person for f in result.findings if f.concept == "suicidal-thoughts"] == [None]


def test_offsets_count_code_points_of_the_text_as_given() -> None:
    text = "😀 İstanbul  \u200fIP\tis  14 weeks  pregnannt, ‘suicidal’"
    for finding in recognise(text).findings:
        assert text[finding.start : finding.end] == finding.text
    assert {"pregnant", "suicidal-thoughts"} <= {f.concept for f in recognise(text).findings}


def test_it_travels_between_processes() -> None:
    copy = pickle.loads(pickle.dumps(Recogniser(load_default())))
    assert [f.concept for f in copy.recognise("IP is pregnant").findings] == ["pregnant"]


def test_every_finding_has_its_rule() -> None:
    finding = only("IP was strangled", "strangulation")
    assert finding.rule == "strangulation.strangl*"


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_accepted_and_spans_are_true(text: str) -> None:
    for finding in recognise(text).findings:
        assert text[finding.start : finding.end] == finding.text


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "IP",
                "she",
                "her",
                "no",
                "not",
                "denies",
                "suicidal",
                "hands",
                "around",
                "throat",
                ".",
                ",",
                ";",
                "\n",
                "if",
                "previously",
                "he",
                "bail",
                "expired",
                "the",
                "neck",
                "son",
                "has",
            ]
        ),
        max_size=80,
    )
)
def test_any_order_of_telling_words_is_accepted(words: list[str]) -> None:
    text = " ".join(words)
    people = {p.id for p in recognise(text).people}
    for finding in recognise(text).findings:
        assert text[finding.start : finding.end] == finding.text
        assert finding.person is None or finding.person in people


@pytest.mark.parametrize(
    "piece", ["no ", "hands around ", "neck ", "he she her ", "bail conditions ", "(", "denies "]
)
def test_long_repeated_text_ends(piece: str) -> None:
    assert recognise(piece * 20_000) is not None


def test_a_plan_for_a_child_is_not_another_child() -> None:
    people = recognise("Jade Moon, 17, is on a child in need plan. She left.").people
    assert [p.label for p in people] == ["Jade Moon"]
    assert not [
        f
        for f in recognise("He is on a child in need plan.").findings
        if f.concept == "child" and f.text == "a child"
    ]
