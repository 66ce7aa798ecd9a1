"""This machine's own processes, begun once for a run: they are made ready while its rows are being read."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from functools import cache
from multiprocessing import get_context
from threading import Thread
from typing import Any

from wholepicture.core.recognition import default_recogniser

# Imported once in a process that does nothing else, of which the others are forks: what it loads they share.
PREPARED = "wholepicture.bulk.prepared"
Each = Callable[[Callable[..., int], Sequence[tuple[Any, ...]]], Iterator[int]]


def _settle() -> None:
    """Have the garbage collector leave alone what is loaded: it would go through the whole catalogue again every few accounts, for
    a third of the time, and what is made for an account goes by itself."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@contextmanager
def settled() -> Iterator[None]:
    """This process, while it works on a run."""
    before = gc.get_threshold()
    _settle()
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


@cache
def ready() -> None:
    """Make a process that does nothing else ready for millions of accounts."""
    default_recogniser()
    _settle()


def _begun(also: Callable[[], None] | None) -> None:
    if also:
        also()
    ready()
    # What every task needs, and takes a while to import. Not before the fork: it begins threads.
    from wholepicture.bulk import screening, surfacing  # noqa: F401


class Processes:
    """Several processes, or this one where there is one core.

    None is a fork of this one: a fork of what has threads (DuckDB, Arrow) may hang.
    """

    def __init__(self, cores: int, initializer: Callable[[], None] | None = None) -> None:
        self.cores = cores
        self.initializer = initializer
        self.pool: ProcessPoolExecutor | None = None
        self.beginning: Thread | None = None

    def begin(self) -> None:
        """Let them make themselves ready from now on."""
        if self.cores > 1 and self.pool is None:
            context = get_context("forkserver")
            context.set_forkserver_preload([PREPARED])
            self.pool = ProcessPoolExecutor(
                self.cores, mp_context=context, initializer=_begun, initargs=(self.initializer,)
            )
            # To begin one is to wait for what they share.
            self.beginning = Thread(target=self._begin_each, args=(self.pool,))
            self.beginning.start()

    def _begin_each(self, pool: ProcessPoolExecutor) -> None:
        # One begins for each thing asked while none is idle.
        for _ in range(self.cores):
            pool.submit(int)

    def each(self, call: Callable[..., int], arguments: Sequence[tuple[Any, ...]]) -> Iterator[int]:
        """What a call gives for each of some arguments, as they are done, in whatever order."""
        if self.cores == 1 or (self.pool is None and len(arguments) < 2):
            for one in arguments:
                yield call(*one)
            return
        self.begin()
        assert self.pool is not None
        for future in as_completed([self.pool.submit(call, *one) for one in arguments]):
            yield future.result()

    def __enter__(self) -> Processes:
        return self

    def __exit__(self, *_: object) -> None:
        if self.pool is not None and self.beginning is not None:
            self.beginning.join()
            self.pool.shutdown(cancel_futures=True)
