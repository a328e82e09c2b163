"""Measurements: `make bench` prints what Imbang costs, side by side with what it replaces.

Nothing here is a test: figures depend on the machine, ratios from one run do not.
"""
