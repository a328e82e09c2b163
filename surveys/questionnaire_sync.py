"""From the definition files to the shipped questionnaires.

A version that is in use is never touched: what the file says differently becomes the next version.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.db import transaction

from indicators.definition_files import Loaded, load_tables, refuse_twice
from indicators.models import DataElement
from surveys.item_elements import elements_by_item
from surveys.models import Questionnaire
from surveys.publishing import mark_published_together
from surveys.questionnaire_content import content_of_row, content_of_table, write_content
from surveys.questionnaire_schema import QuestionnaireTable


@transaction.atomic
def sync_questionnaires(paths: Sequence[Path] | None = None) -> list[str]:
    """Bring the questionnaires of the files into the database; call after the data elements' own sync.

    Returns one line per change. Raises DefinitionError, and changes nothing, when a file is wrong.
    """
    loaded = list(refuse_twice(load_tables("questionnaire", QuestionnaireTable, paths)))
    _refuse_unknown_elements(loaded)
    changes: list[str] = []
    shipped = Questionnaire.objects.filter(hospital=None)
    for item in loaded:
        _sync(item.table, shipped.filter(code=item.table.code).order_by("version").last(), changes)
    for gone in shipped.filter(retired=False).exclude(code__in=[item.table.code for item in loaded]):
        gone.retired = True
        gone.save(update_fields=["retired"])
        changes.append(f"questionnaire {gone.code}: retired")
    mark_published_together()
    return changes


def _sync(table: QuestionnaireTable, newest: Questionnaire | None, changes: list[str]) -> None:
    content = content_of_table(table)
    if newest is None:
        write_content(Questionnaire(code=table.code), content)
        changes.append(f"questionnaire {table.code}: new")
        return
    if newest.retired:
        newest.retired = False
        newest.save(update_fields=["retired"])
        changes.append(f"questionnaire {table.code}: offered again")
    if content_of_row(newest) == content:
        return
    if newest.is_frozen:
        newest = Questionnaire(code=table.code, version=newest.version + 1, based_on=newest)
    write_content(newest, content)
    changes.append(f"questionnaire {table.code}: version {newest.version}")


def _refuse_unknown_elements(loaded: list[Loaded[QuestionnaireTable]]) -> None:
    known = set(DataElement.objects.filter(hospital=None).values_list("code", flat=True))
    for item in loaded:
        published = item.table.publishes.elements
        for name, code in published.items():
            if code not in known:
                raise item.error(f"publishes.{name}", f"there is no data element “{code}”")
        for code in elements_by_item(published).values() if item.table.index else ():
            if code not in known:
                raise item.error("index", f"there is no data element “{code}”")
