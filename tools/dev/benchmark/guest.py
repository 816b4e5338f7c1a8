# SPDX-License-Identifier: MIT
"""A program of tests/bench in a guest with one virtual NPU."""

import subprocess

from checker import metrics
from vmrunner import paths

PROGRAMS = "/opt/tessera/tests/bench"
QUOTED_LINES = 25


class Failed(Exception):
    """A measurement could not be made; the text says why and where to read on."""


class LeftOut(Failed):
    """This host cannot make a measurement, whatever the tree is like."""


def log_of(name):
    """The log of a measurement."""
    paths.LOGS.mkdir(parents=True, exist_ok=True)
    return paths.LOGS / f"bench-{name}.vm.log"


def command(name, seconds, options, script):
    """The VM runner's arguments for a script in the guest, with tessera.ko loaded."""
    return [paths.TOP / "tools/dev/vm", "run", "--quiet", "--npu", "edge", "--log", log_of(name), "--timeout",
            str(seconds), *options, "--", "bash", "-c", f"load-module && exec {PROGRAMS}/{script}"]


def complain(name, status, text):
    """Why there is no figure."""
    quoted = "\n".join(f"   | {line}" for line in text.splitlines()[-QUOTED_LINES:])
    shown = log_of(name).relative_to(paths.TOP)
    raise Failed(f"{name}: the guest's run ended with status {status}:\n{quoted}\n   the log is {shown}")


def figures(name, seconds, options, script):
    """The figures a guest program prints as "# metric" lines."""
    done = subprocess.run(command(name, seconds, options, script), stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors="replace", check=False)
    found = metrics.found_in(done.stdout)
    if done.returncode or not found:
        complain(name, done.returncode, done.stdout)
    return found
