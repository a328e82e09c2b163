"""A general hospital that does not exist: 36 months of believable figures, made by a seeded generator.

`make_hospital` is a pure function of the last month and the seed. Patients are made one by one, so
that every count agrees with every other; what is wrong on purpose is put in at the end (mishaps.py).
"""

from demo.synthetic.hospital import MONTHS, SYNTHETIC_CODE, make_hospital

__all__ = ["MONTHS", "SYNTHETIC_CODE", "make_hospital"]
