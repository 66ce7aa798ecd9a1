"""What each screening process holds at most, at several sizes: runs that benchmarks.bulk.whole made, screened again.

python -m benchmarks.bulk.memory RUN [RUN ...]
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from functools import partial
from multiprocessing import util
from pathlib import Path

from wholepicture.bulk import screening
from wholepicture.bulk.folder import Folder
from wholepicture.bulk.working import Processes
from wholepicture.core.recognition import default_recogniser


def watched(folder: str) -> None:
    """A worker that notes its own most (VmHWM, megabytes) when it ends."""
    default_recogniser()
    util.Finalize(None, _note, (folder,), exitpriority=1)


def _note(folder: str) -> None:
    status = Path("/proc/self/status").read_text()
    most = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    (Path(folder) / str(os.getpid())).write_text(str(int(most.split()[1]) // 1024))


def main() -> int:
    """Screen each again and print."""
    print("| reports | screen, s | most MB of a screening process |\n| --- | --- | --- |")
    for given in sys.argv[1:]:
        folder = Folder(Path(given))
        parts = [p.stem for p in folder.parts("reports")]
        for part in parts:
            folder.part("observed", part).unlink(missing_ok=True)
        with tempfile.TemporaryDirectory() as notes:
            began = time.perf_counter()
            with Processes(os.cpu_count() or 1, partial(watched, notes)) as processes:
                screening.screen(folder, parts, each=processes.each, say=lambda n: None)
            seconds = time.perf_counter() - began
            most = max(int(p.read_text()) for p in Path(notes).iterdir())
        print(f"| {sum(screening.reports_in(folder, parts)):,} | {seconds:.1f} | {most} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
