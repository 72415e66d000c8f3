"""python -m tests.benchmarks [speed door kinds growth panels size]: all, or those that are named, on an idle machine."""

import argparse
from importlib import import_module

from tests.benchmarks.timing import machine

WHICH = "speed", "door", "kinds", "growth", "panels", "size"

parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="How fast, how large; minutes each.")
parser.add_argument("which", nargs="*", help=f"some of {', '.join(WHICH)}; all when none is named")
chosen = parser.parse_args().which or WHICH
if strange := set(chosen) - set(WHICH):
    parser.error(f"there is no benchmark {', '.join(strange)}; choose from {', '.join(WHICH)}")
print(machine())
for name in chosen:
    module = import_module(f"tests.benchmarks.{name}")
    print(f"\n{name}: {module.__doc__.splitlines()[0]}", flush=True)
    module.main()
