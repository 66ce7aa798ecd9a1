"""A look record for people: coloured, as wide as the terminal, plain when piped; or one self-contained page."""

from __future__ import annotations

import html
from typing import Any

from rich.console import Console
from rich.text import Text

from wholepicture.core.practice import Catalogue

KIND_STYLE = {"factor": "magenta", "feature": "cyan", "control": "yellow", "harm": "red"}
STATE_STYLE = {
    "open": "bold red",
    "unguarded as far as we know": "bold yellow",
    "guarded": "green",
    "possible": "dim",
}
MARKS = {"holding": "[=]", "weakening": "[~]", "failed": "[/]", "absent": "[ ]", "not_known": "[?]"}
SAID = {"negated": "said not to be so", "denied": "denied", "uncertain": "not sure"}
SIDES = (
    ("person", "The person"),
    ("situation", "The situation"),
    ("controls", "Controls"),
    ("harms", "Harms"),
)


def plain_state(state: str) -> str:
    """A state as a person would say it."""
    return state.replace("_", " ")


def print_look(text: str, record: dict[str, Any], catalogue: Catalogue) -> None:
    """Print one narrative's picture."""
    console = Console(highlight=False, soft_wrap=False)
    console.rule(f"[bold]{record['source'] or 'narrative'}[/bold]", align="left")
    console.print(_marked(text, record["findings"]))
    console.print()
    names = {p["id"]: f"{p['label']} ({p['role']})" for p in record["participants"]}
    for picture in record["pictures"]:
        _print_picture(console, names[picture["participant"]], picture, catalogue)
    unsaid = [f for f in record["findings"] if f["experiencer"] is None]
    if unsaid:
        console.print(Text("Said, but not of whom", style="bold"))
        for finding in unsaid:
            console.print(f"  {finding['name']}: “{finding['text']}”", style=KIND_STYLE[finding["kind"]])
        console.print()
    if not record["findings"]:
        console.print(
            "Nothing the catalogue knows was recognised. That is not a finding that nothing is wrong."
        )


def _marked(text: str, findings: list[dict[str, Any]]) -> Text:
    shown = Text(text)
    for finding in findings:
        style = KIND_STYLE[finding["kind"]] + (
            " strike" if finding["polarity"] in ("negated", "denied") else " underline"
        )
        shown.stylize(style, finding["start"], finding["end"])
    return shown


def _print_picture(console: Console, name: str, picture: dict[str, Any], catalogue: Catalogue) -> None:
    if not any(picture[side] for side, _ in SIDES):
        console.print(Text(name, style="bold underline"))
        console.print("  Nothing recognised about them. Anyone can be vulnerable: what have we not asked?\n")
        return
    console.print(Text(name, style="bold underline"))
    for side, title in SIDES:
        if picture[side]:
            console.print(f"  [bold]{title}[/bold]")
            for item in picture[side]:
                why = f" ({item['why']})" if item["why"] else ""
                console.print(
                    Text(f"    {item['name']}: {plain_state(item['state'])}{why}  “{item['evidence']}”")
                )
    shown = [p for p in picture["pathways"] if p["state"] != "possible"]
    possible = [p for p in picture["pathways"] if p["state"] == "possible"]
    if shown:
        console.print("  [bold]Pathways to harm[/bold]")
    for pathway in shown:
        because = " + ".join(catalogue.concepts[c].name for c in pathway["because"])
        console.print(
            Text(f"    {pathway['state'].upper()}: {pathway['name']}", style=STATE_STYLE[pathway["state"]])
        )
        console.print(Text(f"      because: {because or 'the harm has happened'}"))
        console.print(
            Text("      between: " + "  ".join(f"{MARKS[g['state']]} {g['name']}" for g in pathway["guards"]))
        )
    if possible:
        console.print(
            Text(
                f"    and {len(possible)} more possible, if what is not known turns out to be so", style="dim"
            )
        )
    if picture["questions"]:
        console.print("  [bold]What we do not know yet[/bold]")
        for question in picture["questions"][:4]:
            settles = ", ".join(catalogue.pathways[p].name for p in question["settles"][:2])
            console.print(Text(f"    “{question['text']}”"))
            console.print(Text(f"      would help settle: {settles}", style="dim"))
    if picture["actions"]:
        console.print("  [bold]What would close the pathways[/bold]")
        for action in picture["actions"][:8]:
            console.print(Text(f"    {action['name']}: {action['who']}, {action['within']}"))
    console.print()


STYLE = """body{font:17px/1.5 Arial,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#0b0c0c}
mark{background:none;border-bottom:3px solid;padding:0 1px}.factor{border-color:#4c2c92;background:#efebf7}.feature{border-color:#1d70b8;background:#e4eff9}
.control{border-bottom:3px double #6f4e00;background:#fff4d6}.harm{border-bottom:3px dashed #942514;background:#fbe7e4}.not{text-decoration:line-through;border-bottom:2px dotted #505a5f;background:none}
.account{white-space:pre-wrap;border:1px solid #b1b4b6;padding:1rem;line-height:1.9}h2{border-top:3px solid #12263f;padding-top:.5rem}table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.4rem;border-bottom:1px solid #b1b4b6}.open{color:#942514;font-weight:bold}.unguarded{color:#8a4b00;font-weight:bold}.guarded{color:#005a30}"""


def html_page(records: list[tuple[str, dict[str, Any]]], catalogue: Catalogue) -> str:
    """One page with everything in it: no script, no other file."""
    body = "".join(_html_record(text, record, catalogue) for text, record in records)
    return f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Wholepicture</title><style>{STYLE}</style></head><body><h1>The whole picture</h1>{body}</body></html>\n'


def marked_html(text: str, findings: list[dict[str, Any]]) -> str:
    """The account, escaped, with each finding marked; where two overlap the first is marked."""
    pieces: list[str] = []
    at = 0
    for finding in sorted(findings, key=lambda f: (f["start"], -f["end"])):
        if finding["start"] < at:
            continue
        off = " not" if finding["polarity"] in ("negated", "denied") else ""
        title = html.escape(f"{finding['name']}: {plain_state(finding['state'])}")
        pieces.append(html.escape(text[at : finding["start"]]))
        pieces.append(
            f'<mark class="{finding["kind"]}{off}" title="{title}">{html.escape(finding["text"])}</mark>'
        )
        at = finding["end"]
    return "".join(pieces) + html.escape(text[at:])


def _html_record(text: str, record: dict[str, Any], catalogue: Catalogue) -> str:
    names = {p["id"]: f"{p['label']} ({p['role']})" for p in record["participants"]}
    parts = [
        f'<h2>{html.escape(record["source"])}</h2><div class="account">{marked_html(text, record["findings"])}</div>'
    ]
    for picture in record["pictures"]:
        parts.append(f"<h3>{html.escape(names[picture['participant']])}</h3>")
        rows = "".join(
            f'<tr><td class="{p["state"].split()[0]}">{html.escape(p["state"].capitalize())}</td><td>{html.escape(p["name"])}</td>'
            f"<td>{html.escape(', '.join(catalogue.concepts[c].name for c in p['because']))}</td>"
            f"<td>{html.escape('; '.join(g['name'] + ': ' + plain_state(g['state']) for g in p['guards']))}</td></tr>"
            for p in picture["pathways"]
            if p["state"] != "possible"
        )
        if rows:
            parts.append(
                f"<table><thead><tr><th>State</th><th>Pathway</th><th>Because</th><th>Controls between</th></tr></thead><tbody>{rows}</tbody></table>"
            )
        asked = "".join(f"<li>“{html.escape(q['text'])}”</li>" for q in picture["questions"])
        done = "".join(
            f"<li>{html.escape(a['name'])}: {html.escape(a['who'])}, {html.escape(a['within'])}</li>"
            for a in picture["actions"][:8]
        )
        parts.append(
            f"<h4>What we do not know yet</h4><ul>{asked}</ul>"
            if asked
            else "<p>Nothing recognised about them yet.</p>"
        )
        parts.append(f"<h4>What would close the pathways</h4><ul>{done}</ul>" if done else "")
    return "".join(parts)
