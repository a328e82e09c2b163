"""The arithmetic of Imbang, on arrays: no database, no request.

One hospital at a time. Figures stand in arrays [unit, year, slot] with the 19 period slots of a
year (`indicators.periods`). The way of a number through here:

    facts.py     what was entered, and elements derived from it per unit and period
    pairing.py   what is known together, of the inputs of one formula
    pooling.py   added up over time and over units
    compute.py   formulas over pooled figures, with completeness and the reason for a gap
    scoring.py   value against the range in force, 0 to 100
"""
