"""A scoring table as text that people write: one step a line, in the words of the definition files."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _


def read_steps(text: str) -> list[dict[str, Any]]:
    """Steps as they are stored. Takes lines of `{ from = 0, to = 50, points = 20 }`, with or without the
    `steps = […]` around them and commas between. Raises ValueError that says what is wrong.
    """
    # Here, because few processes ever read one.
    from pydantic import TypeAdapter, ValidationError

    from indicators.definition_schemas import StepTable, refuse_overlaps

    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    inner = "\n".join(lines).strip().removeprefix("steps").lstrip(" =").strip("[], \n")
    if not inner:
        return []
    between = ",\n".join(line.rstrip(", ") for line in inner.splitlines() if line.strip())
    try:
        steps = TypeAdapter(list[StepTable]).validate_python(tomllib.loads(f"steps = [{between}]")["steps"])
        refuse_overlaps(steps)
    except ValidationError as error:
        first = error.errors()[0]
        number, *key = first["loc"]
        place = ".".join(str(part) for part in (int(number) + 1, *key))
        raise ValueError(_("Step %(place)s: %(why)s") % {"place": place, "why": first["msg"]}) from error
    except tomllib.TOMLDecodeError as error:
        example = "{ from = 0, to = 50, points = 20 }"
        raise ValueError(_("Write one step a line, like this: %s") % example) from error
    return [step.model_dump(by_alias=True) for step in steps]


def write_steps(steps: Sequence[dict[str, Any]]) -> str:
    """The same the other way round."""
    names = ("from", "to", "points")
    return "\n".join(
        "{ " + ", ".join(f"{n} = {step[n]:g}" for n in names if step.get(n) is not None) + " }"
        for step in steps
    )
