"""Making a scenario: recognition proposes a key, experts judge it each alone, what they agree on is scored, and it is published."""

from wholepicture.web.training.services.building.drafting import (
    EDITABLE,
    FIELDS,
    faults,
    rewritten,
    save_draft,
    start_draft,
    with_entry,
    without,
)
from wholepicture.web.training.services.building.panels import (
    keep_key,
    panel_of,
    publish_draft,
    send_to_panel,
    sign_key,
    take_back,
)

__all__ = [
    "EDITABLE",
    "FIELDS",
    "faults",
    "keep_key",
    "panel_of",
    "publish_draft",
    "rewritten",
    "save_draft",
    "send_to_panel",
    "sign_key",
    "start_draft",
    "take_back",
    "with_entry",
    "without",
]
