"""What learners, their supervisors and the fairness figures are asked. The keys are kept; the words may change."""

from __future__ import annotations

FEEDBACK = {
    "useful": "I do my work differently because of it",
    "taught": "It was taught well",
    "supported": "I was looked after",
    "fair": "My work was judged fairly",
}
VIEW = {
    "sees": "Sees the whole picture, not only the first thing",
    "child": "Holds the child's safety through an inquiry",
    "partners": "Works with partners, and says so when they disagree",
    "records": "Records so that others can act on it",
}
GROUPS: dict[str, tuple[str, ...]] = {
    "sex": ("Female", "Male"),
    "age": ("Under 30", "30 to 39", "40 to 49", "50 or over"),
    "ethnic group": ("Asian", "Black", "Mixed", "White", "Another"),
    "disability": ("Disabled", "Not disabled"),
}
