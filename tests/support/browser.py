"""The browser of the end-to-end tests: Debian's Chromium, driven by Playwright.

``python -m tests.support.browser`` sees to it that the browser and a Chinese font are there.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
FONTS = Path("/usr/share/fonts")
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)


def launch_args() -> dict[str, Any]:
    """Return what Playwright needs to launch the browser without it calling anybody else."""
    return {
        "executable_path": str(CHROMIUM),
        "args": list(QUIET),
        "chromium_sandbox": not _is_root(),  # the sandbox refuses to serve root
    }


def missing_packages() -> list[str]:
    """Return the Debian packages that the end-to-end tests lack on this machine."""
    wanted = {"chromium": CHROMIUM.exists(), "fonts-noto-cjk": any(FONTS.rglob("NotoSansCJK*"))}
    return [package for package, is_there in wanted.items() if not is_there]


def install(packages: list[str]) -> None:
    """Install Debian packages without anything that is only recommended."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=True, env=environment)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)


def main() -> None:
    """Install what is missing where that is allowed, else say what to install and fail."""
    packages = missing_packages()
    if not packages:
        return
    if not _is_root():
        command = f"sudo apt-get install {' '.join(packages)}"
        sys.exit(f"The browser tests need these Debian packages:\n\n    {command}\n")
    print(f"Installing {' and '.join(packages)} for the browser tests.", flush=True)
    install(packages)


def _is_root() -> bool:
    return os.geteuid() == 0


if __name__ == "__main__":
    main()
