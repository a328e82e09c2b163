"""Reading the definition files that ship with the rooms: `<room>/definitions/*.toml`.

A file holds tables of any of the `TABLES`. What is wrong in one is said with the file, the key and
the reason, and nothing of any file is used until all of them are right.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from django.apps import apps
from pydantic import BaseModel, ConfigDict, ValidationError

#: Every top-level table a definition file may hold, whichever room reads it.
TABLES = frozenset({"element", "identity", "indicator", "standard", "scorecard", "form", "questionnaire"})


class DefinitionError(ValueError):
    """A definition file that cannot be used: which file, which key, why."""

    def __init__(self, file: Path | str, key: str, reason: str) -> None:
        self.file, self.key, self.reason = str(file), key, reason
        super().__init__(f"{file}: {key}: {reason}")


class Schema(BaseModel):
    """Base of the schemas: unknown keys are refused, so that a misspelt one is noticed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Bilingual(Schema):
    en: str
    id: str


Table = TypeVar("Table", bound=Schema)


class Loaded(NamedTuple, Generic[Table]):
    """A validated table and where it stands: file name relative to the project, and key."""

    table: Table
    file: str
    key: str

    def error(self, key: str, reason: str) -> DefinitionError:
        return DefinitionError(self.file, f"{self.key}.{key}", reason)


def definition_paths() -> list[Path]:
    """The definition files of all installed rooms, in a stable order."""
    folders = (Path(config.path) / "definitions" for config in apps.get_app_configs())
    return sorted(path for folder in folders for path in folder.glob("*.toml"))


def load_tables(name: str, schema: type[Table], paths: Iterable[Path] | None = None) -> list[Loaded[Table]]:
    """All tables called `name`, validated. Raises DefinitionError at the first fault."""
    found = []
    for path in definition_paths() if paths is None else paths:
        content = read_file(path)
        tables = content.get(name, [])
        for number, raw in enumerate(tables if isinstance(tables, list) else [tables]):
            found.append(_validated(name, number, raw, schema, path))
    return found


def read_file(path: Path) -> dict[str, Any]:
    """The content of one file, refused when it is not TOML or holds a table nobody reads."""
    return _parsed(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=256)
def _parsed(path: Path, modified_ns: int) -> dict[str, Any]:
    """Every room asks every file for its tables; each is parsed once as long as it stays the same."""
    shown = _shown(path)
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DefinitionError(shown, "file", str(error)) from error
    for key in content:
        if key not in TABLES:
            known = ", ".join(sorted(TABLES))
            raise DefinitionError(shown, key, f"is not a table that is read; there are {known}")
    return content


def _validated(name: str, number: int, raw: Any, schema: type[Table], path: Path) -> Loaded[Table]:
    code = raw.get("code", number + 1) if isinstance(raw, dict) else number + 1
    key = f"{name}[{code}]"
    try:
        return Loaded(schema.model_validate(raw), _shown(path), key)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in (key, *first["loc"]))
        raise DefinitionError(_shown(path), where, first["msg"]) from error


def _shown(path: Path) -> str:
    return "/".join(path.parts[-3:])


def refuse_twice(loaded: Iterable[Loaded[Any]]) -> Iterator[Loaded[Any]]:
    """Pass tables on, and refuse a code that stood before."""
    seen: dict[str, str] = {}
    for item in loaded:
        code = item.table.code
        if code in seen:
            raise item.error("code", f"stands in {seen[code]} already")
        seen[code] = item.file
        yield item
