# SPDX-License-Identifier: MIT
"""The module with one patch: built in a folder of links of its own, where only what the patch changes is compiled."""

import shutil
import subprocess
import threading
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
KERNEL = "6.12"
LINKS = TOP / "build/kernel/careless"
MODULES = TOP / "build/careless"


# One driver at a time is in the folder of links; names of those that were.
BUILDING = threading.Lock()
BUILT = set()


class BuildError(Exception):
    """A patch that does not apply, or a module that does not build."""


def run(command, what):
    """A command, whose output explains a failure."""
    done = subprocess.run(command, cwd=TOP, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise BuildError(f"{what}:\n{done.stdout[-2000:]}")


def build_links(what):
    """Make the module of what is in the folder; a source that is missing there becomes a link."""
    run(["tools/dev/module", KERNEL, "--out", LINKS.name], f"{what} does not build")


def patched(driver):
    """The changed sources in a folder of their own; a patch has to apply as it is."""
    folder = MODULES / driver.name / "tree"
    shutil.rmtree(folder, ignore_errors=True)
    for name in driver.files():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(TOP / name, folder / name)
    run(["patch", "--directory", str(folder), "--strip=1", "--fuzz=0", "--no-backup-if-mismatch", "--batch",
         "--input", str(driver.path)], f"{driver.path.name} does not apply")
    return folder


def restore(names):
    """Links in the place of changed sources, and nothing that was compiled of these."""
    for name in names:
        (LINKS / name).unlink(missing_ok=True)
        (LINKS / name).with_suffix(".o").unlink(missing_ok=True)


def left_behind():
    """Sources in the place of links, of a run that was ended in the middle of a build."""
    sources = [path.relative_to(TOP) for path in (TOP / "kernel").rglob("*") if path.is_file()]
    return [name for name in sources if (LINKS / name).is_file() and not (LINKS / name).is_symlink()]


def build_in_links(driver, target):
    """The module with the patch, or without a driver as it is."""
    restore(left_behind())
    names = driver.files() if driver else []
    folder = patched(driver) if driver else None
    # The folder has links to all sources from here on.
    if not (LINKS / "kernel").exists():
        build_links("the driver")
    try:
        for name in names:
            (LINKS / name).unlink(missing_ok=True)
            shutil.copyfile(folder / name, LINKS / name)
        build_links(driver.path.name if driver else "the driver")
        shutil.copyfile(LINKS / "kernel/tessera.ko", target)
    finally:
        restore(names)


def build(driver):
    """Build a driver, or without one the driver as it is, once in a run of this program. Return: the module's file."""
    name = driver.name if driver else "unpatched"
    target = MODULES / name / "tessera.ko"
    target.parent.mkdir(parents=True, exist_ok=True)
    with BUILDING:
        if name not in BUILT:
            build_in_links(driver, target)
            BUILT.add(name)
    return target
