"""Measurements: ratios within one run, median of three. `./dev bench` prints them; no gate."""
