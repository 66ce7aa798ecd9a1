"""A licence's states and steps as a diagram."""

from __future__ import annotations

from collections.abc import Iterable

from wholepicture.core.licensing.lifecycle import MOVES, Move, State


def diagram(moves: Iterable[Move] = MOVES) -> str:
    """The machine as a Mermaid state diagram, from the same table that the program runs by."""
    lines = ["stateDiagram-v2", "    [*] --> draft"]
    name = {s: s.value.replace(" ", "_") for s in State}
    lines += [f'    state "{s.value}" as {name[s]}' for s in State if " " in s.value]
    for move in moves:
        for before in move.places:
            after = move.after or before
            lines.append(f"    {name[before]} --> {name[after]}: {move.by.value} {move.says}")
    for state in (State.ACTIVE, State.CONDITIONS):
        lines.append(f"    {name[state]} --> {name[State.GRACE]}: the term ends")
    lines.append(f"    {name[State.GRACE]} --> {name[State.LAPSED]}: the days of grace end")
    lines.append(f"    {name[State.INTERIM]} --> {name[State.ACTIVE]}: its last day passes")
    return "\n".join(lines) + "\n"
