"""Django's own commands: ``python -m wholepicture.web.manage migrate``."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run a Django command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wholepicture.web.config.settings")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
