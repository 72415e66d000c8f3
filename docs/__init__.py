"""What is built for reading: the site and the slides."""

import shutil
from pathlib import Path


def emptied(folder: Path) -> None:
    """Remove what Sphinx built in a folder before; ValueError where the folder holds something else."""
    if folder.exists() and not (folder / ".buildinfo").is_file() and any(folder.iterdir()):
        raise ValueError(f"{folder} holds other things than what was built before: name a new folder, or an empty one")
    shutil.rmtree(folder, ignore_errors=True)
