"""An empty database becomes one with as many hospitals as asked for."""

from __future__ import annotations

import sys
import time

from bench.setup import report, start


def main(hospitals: int) -> None:
    from django.core.management import call_command
    from django.db import connection

    from bench.data import build_hospital
    from indicators.models import DataValue

    call_command("migrate", verbosity=0)
    call_command("sync_definitions", stdout=sys.stderr)
    begun = time.perf_counter()
    for number in range(hospitals):
        build_hospital(number)
    seconds = time.perf_counter() - begun
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    report(values=DataValue.objects.count(), seconds=seconds)


if __name__ == "__main__":
    start()
    main(int(sys.argv[1]))
