"""Indicators that hang together, and results as reported that contradict each other."""
