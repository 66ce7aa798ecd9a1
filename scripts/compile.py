"""Compile packages with mypyc into the folders of the environment in which ``wholepicture.core.compiled`` looks."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from wholepicture.core.compiled import home

SOURCES = Path(__file__).resolve().parents[1] / "src"
PACKAGES = [SOURCES / "wholepicture" / "core" / name for name in ("recognition", "picture")]


def main() -> int:
    """Compile what has not been compiled as it stands."""
    for package in PACKAGES:
        if not home(package).exists():
            compile_package(package)
    return 0


def compile_package(package: Path) -> None:
    """Compile one package; what was made of other sources goes."""
    made = home(package)
    # Only here: most of the times there is nothing to do.
    from mypyc.build import mypycify
    from setuptools import Distribution
    from setuptools.command.build_ext import build_ext

    os.chdir(SOURCES)
    os.environ["MYPYPATH"] = str(SOURCES)
    modules = sorted(str(p.relative_to(SOURCES)) for p in package.glob("*.py") if p.name != "__init__.py")
    made.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=made.parent) as work:
        extensions = mypycify(["--explicit-package-bases", *modules], target_dir=work, opt_level="3")
        command = build_ext(Distribution({"ext_modules": extensions}))
        command.build_lib, command.build_temp = f"{work}/lib", f"{work}/temp"
        command.ensure_finalized()
        command.run()
        ready = Path(work, "ready")
        shutil.move(Path(work, "lib", package.relative_to(SOURCES)), ready / "modules")
        for shared in Path(work, "lib").glob("*__mypyc*"):
            shutil.move(shared, ready)
        for old in made.parent.glob(f"{package.name}-{sys.implementation.cache_tag}-*"):
            shutil.rmtree(old, ignore_errors=True)
        ready.rename(made)
    print(f"Compiled: {made}")


if __name__ == "__main__":
    sys.exit(main())
