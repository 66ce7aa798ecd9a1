"""What recognition sees of the training scenarios' keys, which were written to be hard: most signs in them are implied.

.venv/bin/python benchmarks/recognition/training_scenarios.py
"""

from __future__ import annotations

from wholepicture.core.learning import Scenario, shipped_course
from wholepicture.core.recognition import Polarity, default_recogniser


def text_of(scenario: Scenario) -> tuple[str, dict[str, int]]:
    """Log and answers as one text, and where each line begins in it."""
    text, begins = "", {}
    rows = [(x.id, x.text) for x in scenario.log] + [(a.id, a.answer) for a in scenario.asks]
    for name, line in rows:
        begins[name] = len(text)
        text += line + "\n"
    return text, begins


def main() -> None:
    """Count, print a table line."""
    recogniser, at_words, elsewhere, there, clean, found_in_clean = default_recogniser(), 0, 0, 0, 0, 0
    for scenario in shipped_course("look-beyond-the-obvious").scenarios.values():
        text, begins = text_of(scenario)
        findings = recogniser.recognise(text).findings
        if scenario.clean:
            clean += 1
            found_in_clean += sum(f.polarity is Polarity.AFFIRMED for f in findings)
        for target in scenario.targets:
            start, end = begins[target.where] + target.start, begins[target.where] + target.end
            same = [f for f in findings if f.concept == target.concept]
            there += 1
            if any(f.start < end and start < f.end for f in same):
                at_words += 1
            elif same:
                elsewhere += 1
    print(
        "| targets | found at their words | found elsewhere in the text | missed | affirmed findings in clean scenarios |"
    )
    print("| --- | --- | --- | --- | --- |")
    print(
        f"| {there} | {at_words} | {elsewhere} | {there - at_words - elsewhere} | {found_in_clean} in {clean} |"
    )


if __name__ == "__main__":
    main()
