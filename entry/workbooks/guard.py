"""Is this a workbook, and one that can be opened without harm?

An .xlsx file is a zip archive: a few kilobytes can claim gigabytes. Sizes are those the archive
states; Python never unpacks more of a member than it states.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from django.utils.translation import gettext as _

LARGEST_FILE = 2 * 1024 * 1024
LARGEST_UNPACKED = 24 * 1024 * 1024
MOST_MEMBERS = 1000
_CHUNK = 64 * 1024
_BEGINNING = 1024
_MERGED = re.compile(rb"<mergeCell\s[^>]*?ref=\"([A-Z0-9:]{1,30})\"")


class NotAWorkbookError(ValueError):
    """The file as a whole cannot be used; the message says why, in the language of the person."""


def refuse_unsafe(content: bytes) -> None:
    """Raise NotAWorkbookError for what is no .xlsx, is too large, or would unpack to too much."""
    if len(content) > LARGEST_FILE:
        raise NotAWorkbookError(
            _("The file is larger than %(most)s MB.") % {"most": LARGEST_FILE // 1024 // 1024}
        )
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise NotAWorkbookError(_("This is not an Excel workbook (.xlsx)."))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            declares = any(_declares_entities(archive, member) for member in members[:MOST_MEMBERS])
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError) as error:
        raise NotAWorkbookError(_("This is not an Excel workbook (.xlsx).")) from error
    if "xl/workbook.xml" not in {member.filename for member in members}:
        raise NotAWorkbookError(_("This is not an Excel workbook (.xlsx)."))
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > LARGEST_UNPACKED:
        raise NotAWorkbookError(_("The workbook holds far more than a form; it was not opened."))
    if declares:
        raise NotAWorkbookError(_("The workbook is damaged and cannot be read."))


def _declares_entities(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Whether a part begins with a document type, in which a line of text can claim gigabytes. No
    spreadsheet writes one."""
    with archive.open(member) as part:
        return b"<!DOCTYPE" in part.read(_BEGINNING)


def merged_cells(content: bytes, member: str) -> Iterator[str]:
    """Ranges of merged cells of one sheet, read in pieces."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(member) as sheet:
        rest = b""
        while chunk := sheet.read(_CHUNK):
            text = rest + chunk
            end = 0
            for match in _MERGED.finditer(text):
                yield match.group(1).decode()
                end = match.end()
            rest = text[max(end, len(text) - 200) :]
