"""The arithmetic of Imbang, on arrays: no database, no request.

One hospital at a time. Figures stand in arrays [unit, year, slot] with the 19 period slots of a
year (`indicators.periods`). The way of a number through here:

    slots.py         which of them holds which, their days
    facts.py         what was entered
    derived.py       what follows from it at one unit: totals of parts, elements derived from others
    standing.py      what stands for each month, from facts of any length; nearer facts before farther ones
    keeping.py       who keeps what, and the homes of a formula: where its inputs come together
    tiles.py         the smallest sets of unit-months that no fact of a formula cuts through
    question.py      a formula put to some units, everything that says which tiles count
    picking.py       what stands for each term, and where it is known
    counting.py      which tiles count, whole or not at all
    lacking.py       which inputs are lacking where a tile does not count
    completeness.py  how much of what is expected is there
    leaving_out.py   what does not count, by unit and months, so that it can be named
    joints.py        figures that join more than a home's month into one tile
    inquiry.py       a formula and all that a hospital has for it
    passes.py        which units are asked together; nearly all data needs one pass over all of them
    pooling.py       what counts, added up over units and over time
    gaps.py          why there is no value, and what is to be said of one
    compute.py       formulas over pooled figures
    scoring.py       value against the range in force, 0 to 100

A tile is the one idea: values, days, completeness, what is left out and why all follow from which tiles
count (docs/decisions/0003-engine.md).
"""
