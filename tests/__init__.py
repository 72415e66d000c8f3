"""What holds the lessons and the library to their word."""

# Seconds after which something that a test waits for counts as hung: a cell, a kernel's start, a page, a panel. The slowest
# cell, in lesson 09, took 79 beside six other jobs on two cores, which is about a third of the speed; a quarter makes that
# 105, and twice the work 210. It costs nothing where nothing hangs.
HUNG = 600
