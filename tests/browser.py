"""Find a browser for the browser tests, or fetch one: python -m tests.browser

In this order: a Chromium or Chrome of the machine; Playwright's own; on Debian as root, the distribution's package.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge"
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def find():
    """The path of a browser that is there already, or None."""
    found = next(filter(None, map(shutil.which, NAMES)), None) or next((p for p in PLACES if Path(p).exists()), None)
    if found:
        return found
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def version():
    """What the browser says of itself, or None."""
    path = find()
    return path and subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60).stdout


def _try(*command):
    """Run a command quietly; whether it succeeded."""
    try:
        return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=600).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def fetch():
    """Get a browser: Playwright's own, or Debian's. Returns its path, or None."""
    if _try(sys.executable, "-m", "playwright", "install", "chromium") and (found := find()):
        return found
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        _try("apt-get", "update")
        _try("apt-get", "install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core")
    return find()


if __name__ == "__main__":
    if browser := find() or fetch():
        print(f"browser tests: with {browser}")
    else:
        print("browser tests: no Chromium or Chrome was found, and none could be fetched, so they are skipped.")
        print("Install Chromium or Google Chrome, or run: python -m playwright install --with-deps chromium")
