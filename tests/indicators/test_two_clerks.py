"""Two people save the same number at the same time."""

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from hospitals.actions import create_hospital
from hospitals.models import Unit
from indicators.actions import NewValue, save_values
from indicators.models import DataElement, DataValue, RecomputeMark
from indicators.periods import Period

MARCH = Period.parse("2009-03")


@pytest.mark.django_db(transaction=True)
def test_two_clerks_on_one_form_save_one_after_the_other() -> None:
    unit = create_hospital(code="RSA", name="RSUD Anggrek").root
    beds = DataElement.objects.create(
        code="beds", name_en="Beds", name_id="TT", over_time="last", over_units="sum"
    )
    first_has_written = threading.Event()
    failures: list[Exception] = []

    def save(value: float) -> None:
        save_values([NewValue(Unit.objects.get(pk=unit.pk), beds, MARCH, value)], by=None)

    def first() -> None:
        with transaction.atomic():
            save(10)
            first_has_written.set()
            time.sleep(0.3)  # not committed yet

    def second() -> None:
        first_has_written.wait(10)
        save(12)

    def run(clerk: Callable[[], None]) -> None:
        try:
            clerk()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    clerks = [threading.Thread(target=run, args=(clerk,)) for clerk in (first, second)]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join(30)
    assert failures == []
    assert DataValue.objects.get().value == 12
    assert [row.value for row in DataValue.history.all()] == [12, 10]
    assert RecomputeMark.objects.exists()
