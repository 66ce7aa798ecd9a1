"""The ``wholepicture`` command.

Exit codes: 0 all well; 1 something to mend was found (catalogue check, or some files could not be read); 2 the command was
used wrongly or nothing could be done.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from wholepicture.cli import audit, bulk, catalogue, directory, evaluate, keep, serve
from wholepicture.cli.show import html_page, print_look
from wholepicture.core.contract import look
from wholepicture.core.documents import UnreadableError, text_of
from wholepicture.core.practice import CatalogueError, Nation, load
from wholepicture.core.practice.load import DEFAULT_FOLDER
from wholepicture.core.recognition import Recogniser, default_recogniser

EXAMPLES = """examples:
  wholepicture look log.txt                   the picture of every person in a narrative
  pbpaste | wholepicture look -               the same, from what was typed or pasted
  wholepicture look --json *.txt > out.jsonl  as data, one object a line
  wholepicture look report.docx --html p.html one self-contained page
  wholepicture catalogue check my-force/      check a force's own entries
  wholepicture catalogue show strangulation   one entry, whole
  wholepicture evaluate marked.csv            measure recognition on narratives you have marked
  wholepicture audit verify                   say whether the audit is whole
  wholepicture doctor                         say whether everything is right, and how to mend what is not
  wholepicture backup FILE                    one file to restore from
  wholepicture directory import council.json --force "Your Constabulary"
                                              read a directory of services in
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="wholepicture",
        description="See the whole picture of a vulnerable person in what was written.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    seen = commands.add_parser(
        "look",
        help="narrative in, picture out",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    seen.add_argument("files", nargs="+", metavar="FILE", help=".txt, .docx or .pdf; - is standard input")
    how = seen.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true", help="the public record, one JSON object a line")
    how.add_argument("--html", metavar="OUT", type=Path, help="write one self-contained page")
    seen.add_argument(
        "--nation",
        type=str.title,
        choices=[n.value for n in Nation],
        default=Nation.ENGLAND.value,
        help="whose law the actions rest on (default: England)",
    )
    seen.add_argument("--overlay", type=Path, help="a folder of the force's own catalogue entries")
    catalogue.add_parser(commands)
    evaluate.add_parser(commands)
    audit.add_parser(commands)
    directory.add_parser(commands)
    bulk.add_parser(commands)
    serve.add_parser(commands)
    keep.add_parser(commands)
    options = parser.parse_args(argv)
    try:
        if options.command == "look":
            return _look(options)
        return int(options.run(options))
    except CatalogueError as error:
        print("\n".join(error.problems), file=sys.stderr)
        return 2
    except BrokenPipeError:
        sys.stderr.close()
        return 0


def _look(options: argparse.Namespace) -> int:
    recogniser = (
        Recogniser(load(DEFAULT_FOLDER, options.overlay)) if options.overlay else default_recogniser()
    )
    records: list[tuple[str, dict[str, object]]] = []
    failed = 0
    for name in options.files:
        try:
            text = _read(name)
        except (UnreadableError, OSError) as error:
            message = error.strerror if isinstance(error, OSError) else str(error)
            print(f"wholepicture: {name}: {message}", file=sys.stderr)
            failed += 1
            continue
        record = look(recogniser, text, source=name, nation=Nation(options.nation))
        if options.json:
            print(json.dumps(record, ensure_ascii=False))
        elif options.html:
            records.append((text, record))
        else:
            print_look(text, record, recogniser.catalogue)
    if options.html and records:
        options.html.write_text(html_page(records, recogniser.catalogue), "utf-8")
        print(f"Written to {options.html}")
    return 0 if not failed else 2 if failed == len(options.files) else 1


def _read(name: str) -> str:
    if name == "-":
        return text_of("standard input", sys.stdin.buffer.read())
    return text_of(Path(name).name, Path(name).read_bytes())


if __name__ == "__main__":
    sys.exit(main())
