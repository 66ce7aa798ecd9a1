"""The public record, and the step from findings to observations."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import wholepicture.core
from wholepicture.core.contract import look
from wholepicture.core.recognition import default_recogniser

SCHEMA = Draft202012Validator(
    json.loads((Path(wholepicture.core.__file__).parent / "look-1.schema.json").read_text("utf-8"))
)
ACCOUNT = (
    "IP states her ex partner turned up at HA. He is on bail with conditions, these run out on Friday. Last month he put both his hands round her "
    "throat. She is 14 weeks pregnant. Her two kids aged 3 and 6 were upstairs asleep. He has been drinking and said he wants to die."
)


def record(text: str) -> dict:
    return look(default_recogniser(), text, source="test")


def test_it_keeps_to_its_schema() -> None:
    SCHEMA.validate(record(ACCOUNT))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_any_text_keeps_to_it(text: str) -> None:
    SCHEMA.validate(record(text))


def picture(data: dict, label: str) -> dict:
    who = next(p["id"] for p in data["participants"] if label in p["label"].lower())
    return next(p for p in data["pictures"] if p["participant"] == who)


def test_the_victim_s_pathways_are_open_and_say_why() -> None:
    pathways = {p["id"]: p for p in picture(record(ACCOUNT), "ip")["pathways"]}
    assert pathways["strangulation"]["state"] == "unguarded as far as we know"
    assert pathways["strangulation"]["because"] == ["strangulation"]
    assert {"id": "bail-or-remand", "name": "Bail conditions or remand", "state": "weakening"} in pathways[
        "strangulation"
    ]["guards"]


def test_a_suspect_s_crisis_is_his_own_and_bears_on_those_he_harms() -> None:
    data = record(ACCOUNT)
    assert "suicidal-thoughts" in [f["concept"] for f in picture(data, "partner")["person"]]
    victim = picture(data, "ip")
    assert "suicidal-thoughts" not in [f["concept"] for f in victim["person"]]
    assert "suspect-suicidal" in [f["concept"] for f in victim["situation"]]


def test_children_have_a_picture_of_their_own() -> None:
    children = picture(record(ACCOUNT), "kids")
    assert "child-living-with-abuse" in [p["id"] for p in children["pathways"] if p["state"] != "possible"]
    assert "strangulation" not in [f["concept"] for f in children["situation"]]
    assert "operation-encompass" in [a["id"] for a in children["actions"]]


@pytest.mark.parametrize("text", ["", "   ", "Nothing of note.", "<script>alert(1)</script>", "\u202eabc"])
def test_nothing_recognised_is_still_a_record(text: str) -> None:
    assert record(text)["findings"] == []
