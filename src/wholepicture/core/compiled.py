"""A package compiled to machine code (``scripts/compile``), used only where it was made from the very sources that stand here."""

from __future__ import annotations

import os
import sys
from hashlib import sha256
from pathlib import Path


def home(package: Path) -> Path:
    """The folder in which the compiled modules of a package, as its sources are now, stand or would stand.

    It lies in the environment and is named by the interpreter and the content of the sources, and of the practice model's, whose
    types they were compiled against: so that what was compiled of other sources is never used.
    """
    content = sha256()
    for source in sorted([*package.glob("*.py"), *package.with_name("practice").glob("*.py")]):
        content.update(source.name.encode() + b"\0" + source.read_bytes())
    return Path(
        sys.prefix,
        "compiled",
        f"{package.name}-{sys.implementation.cache_tag}-{content.hexdigest()[:16]}",
    )


def prefer(package: Path, path: list[str]) -> None:
    """Put a package's compiled modules, if there are any, before its sources on its ``__path__``.

    ``WHOLEPICTURE_COMPILED=0`` leaves them out, to step through the sources or to compare.
    """
    made = home(package)
    if os.environ.get("WHOLEPICTURE_COMPILED") != "0" and (made / "modules").is_dir():
        # The part that the modules share is imported by its own name.
        sys.path.append(str(made))
        path.insert(0, str(made / "modules"))
