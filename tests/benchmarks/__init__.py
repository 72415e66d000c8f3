"""How fast, how large: measured by hand, on a machine that does nothing else. See `python -m tests.benchmarks --help`."""
