"""Runs in the peers' own environment (peers.py): medspaCy and negspaCy on what they are given. Not part of the product."""

from __future__ import annotations

import json
import logging
import resource
import sys
import time
import warnings
from pathlib import Path
from typing import Any

from settled import settle  # type: ignore[import-not-found]

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)


def silence() -> None:
    """PyRuSH writes debug lines through loguru: take its sinks away."""
    from loguru import logger

    logger.remove()


def medspacy_pipe(phrases: list[str], splitter: str, expressions: list[str] | None = None) -> Any:
    """medspaCy as it comes ("pyrush") or with spaCy's cheap sentencizer, with the phrases, and expressions, as targets."""
    import medspacy
    import spacy
    from medspacy.target_matcher import TargetRule

    if splitter == "pyrush":
        nlp = medspacy.load()
    else:
        nlp = spacy.blank("en")
        nlp.add_pipe("sentencizer")
        nlp.add_pipe("medspacy_target_matcher")
        nlp.add_pipe("medspacy_context")
    targets = nlp.get_pipe("medspacy_target_matcher")
    targets.add([TargetRule(p, "TARGET") for p in phrases])
    targets.add([TargetRule(e, "TARGET", pattern=e) for e in expressions or ()])
    return nlp


def negspacy_pipe(phrases: list[str]) -> Any:
    """negspaCy after an entity ruler and the sentencizer."""
    import spacy
    from negspacy.negation import Negex  # noqa: F401

    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"}).add_patterns(
        [{"label": "TARGET", "pattern": p} for p in phrases]
    )
    nlp.add_pipe("negex", config={"ent_types": ["TARGET"]})
    return nlp


def speed(given: dict[str, Any]) -> dict[str, Any]:
    """Texts a second of one engine, best of the rounds asked for."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    engine = given["engine"]
    pipes = {
        "medspacy_default": lambda: medspacy_pipe(given["phrases"], "pyrush"),
        "medspacy_sentencizer": lambda: medspacy_pipe(
            given["phrases"], "sentencizer", given.get("expressions")
        ),
        "negspacy": lambda: negspacy_pipe(given["phrases"]),
    }
    nlp = pipes[engine]()
    silence()
    for text in given["texts"][:20]:
        nlp(text)
    settle()
    best = 1e9
    for _ in range(given["rounds"]):
        start = time.perf_counter()
        found = sum(len(nlp(text).ents) for text in given["texts"])
        best = min(best, time.perf_counter() - start)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"seconds": best, "found": found, "mb": (after - before) // 1024, "peak_mb": after // 1024}


def context(given: dict[str, Any]) -> dict[str, Any]:
    """medspaCy's ConText on a given condition in each sentence."""
    import medspacy
    from medspacy.target_matcher import TargetRule

    said = []
    for row in given["rows"]:
        nlp = given.setdefault("_nlp", None) or medspacy.load()
        silence()
        given["_nlp"] = nlp
        nlp.remove_pipe("medspacy_target_matcher")
        matcher = nlp.add_pipe("medspacy_target_matcher", before="medspacy_context")
        matcher.add([TargetRule(row["condition"], "TARGET")])
        entities = nlp(row["sentence"]).ents
        entity = entities[0] if entities else None
        said.append(
            {
                "negation": bool(entity is not None and entity._.is_negated),
                "historical": bool(entity is not None and entity._.is_historical),
                "hypothetical": bool(entity is not None and entity._.is_hypothetical),
            }
        )
    return {"said": said}


if __name__ == "__main__":
    job, given_path, found_path = sys.argv[1:]
    jobs = {"speed": speed, "medspacy_context": context}
    Path(found_path).write_text(
        json.dumps(jobs[job](json.loads(Path(given_path).read_text("utf-8")))), "utf-8"
    )
