# SPDX-License-Identifier: MIT
"""Progress on the terminal, as tools/dev/step shows it: "== name ... ok (3 s)"."""

import contextlib
import subprocess
import sys
import time

from demonstration import places


class Failed(Exception):
    """A step failed; the text says what, where and what to do."""


@contextlib.contextmanager
def step(name):
    """One step of this program."""
    print(f"== {name} ... ", end="", flush=True)
    start = time.monotonic()
    try:
        yield
    except BaseException:
        print(f"FAILED ({time.monotonic() - start:.0f} s)", flush=True)
        raise
    print(f"ok ({time.monotonic() - start:.0f} s)", flush=True)


def command(log, name, *arguments):
    """One step that is a command, with its output in build/logs; it explains its failures itself."""
    done = subprocess.run([places.TOP / "tools/dev/step", log, name, *arguments], check=False)
    if done.returncode:
        raise Failed("")


def explain(error):
    """The last words of a run that did not get to its end."""
    if str(error):
        print(f"error: {error}", file=sys.stderr)
