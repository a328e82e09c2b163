"""Short definition files for tests, and how to write them where the loader finds them."""

from pathlib import Path

ELEMENTS = """
[[element]]
code = "cases"
name = { en = "Cases", id = "Kasus" }
unit_of_measure = "cases"
over_time = "sum"
source = "test"
checked = 2026-11-21

[[element]]
code = "patients"
name = { en = "Patients", id = "Pasien" }
unit_of_measure = "patients"
over_time = "sum"
source = "test"
checked = 2026-11-21
"""

INDICATOR = """
[[indicator]]
code = "rate"
perspective = "internal_process"
name = { en = "Rate", id = "Angka" }
why = { en = "Because.", id = "Karena." }
unit_of_measure = "%"
decimals = 1
direction = "lower"
source = "test"
checked = 2026-11-21
formulas = [ { expression = "100 * cases / patients" } ]
"""

#: The standard that holds until a hospital chooses another.
STANDARD = """
[[standard]]
code = "depkes_2004"
name = { en = "Strict", id = "Ketat" }
source = "test"

[[standard.range]]
indicator = "rate"
ideal_high = 5
worst_high = 10
"""

SCORECARD = """
[scorecard]
code = "default"
name = { en = "Scorecard", id = "Kartu skor" }
source = "test"
bands = { good = 80, fair = 60 }

[[scorecard.perspective]]
code = "internal_process"
name = { en = "Processes", id = "Proses" }
weight = 1

[[scorecard.perspective.objective]]
code = "safety"
name = { en = "Safety", id = "Keselamatan" }
weight = 1
indicators = { rate = 1 }
"""

ALL = ELEMENTS + INDICATOR + STANDARD + SCORECARD


#: The formula in ALL as it is written there.
FORMULA = 'formulas = [ { expression = "100 * cases / patients" } ]'


def write(folder: Path, text: str, name: str = "rates.toml") -> list[Path]:
    """A definition file `indicators/definitions/<name>` below `folder`, as the loaders take it."""
    path = folder / "indicators" / "definitions" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return [path]
