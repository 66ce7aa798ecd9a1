"""What a long-running worker does once its rules are loaded; the same for ours and for the peers."""

import gc


def settle() -> None:
    """Leave what is loaded out of garbage collection, and collect less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
