"""Files and cells, for the tests of both."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from entry.models import Upload


def files_of(form: str) -> str:
    return f"/forms/RSA/{form}/"


FILES = files_of("inpatient_ward")


def downloaded(
    client: Client, period: str = "2026-03", unit: str = "melati", form: str = "inpatient_ward"
) -> Workbook:
    answer = client.get(f"{files_of(form)}download/?unit={unit}&period={period}&as=xlsx")
    assert answer.status_code == 200
    return load_workbook(io.BytesIO(answer.content))


def upload(client: Client, content: bytes | Workbook, name: str = "form.xlsx", form: str = "inpatient_ward"):
    if isinstance(content, Workbook):
        stream = io.BytesIO()
        content.save(stream)
        content = stream.getvalue()
    return client.post(files_of(form), {"file": SimpleUploadedFile(name, content)})


def place(book: Workbook, code: str, month: str = "2026-03", sheet: str = "melati") -> str:
    """Where the number of an element stands."""
    page = book[sheet]
    row = next(r for r in range(1, page.max_row + 1) if page.cell(r, 1).value == code)
    column = next(c for c in range(1, page.max_column + 1) if page.cell(4, c).value == month)
    return page.cell(row, column).coordinate


def faults(answer) -> list[str]:
    assert answer.status_code == 422
    assert not Upload.objects.exists()
    return answer.context["faults"]
