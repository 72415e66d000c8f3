"""What holds the lessons and the library to their word."""

# Seconds after which something that a test waits for counts as hung: a cell, a kernel's start, a page, a panel. The slowest
# of them takes TODO; a machine at a quarter of the speed, or one where six jobs share a core, must still pass, so
# this is far above what any of them needs. It costs nothing where nothing hangs.
HUNG = 600
