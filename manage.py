#!/usr/bin/env python
"""Imbang's command line: `python manage.py help`."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scorecard.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError as error:
        raise SystemExit(
            "Django is not installed for this Python; run `make setup` and use .venv/bin/python."
        ) from error
    from django.db.utils import OperationalError, ProgrammingError

    try:
        execute_from_command_line(sys.argv)
    except (OperationalError, ProgrammingError) as error:
        if "--traceback" in sys.argv:
            raise
        reason = str(error).strip().splitlines()[0]
        raise SystemExit(
            f"The database is not ready: {reason}. Run `python manage.py migrate`, or set DATABASE_URL to a "
            "database that can be reached, for example postgres://user:password@host:5432/imbang"
        ) from None


if __name__ == "__main__":
    main()
