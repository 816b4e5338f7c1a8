# SPDX-License-Identifier: MIT
"""A copy of the tree that a vendor may change."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
# Built without optimization: it is compiled once and runs for seconds.
FLAGS = {"CFLAGS": "-O0"}


class Scratch:
    """The tracked files in a folder, and a build of some of them."""

    def __init__(self, folder):
        self.top = folder
        self.build = folder / "build/out"
        for name in subprocess.run(["git", "ls-files", "-z"], cwd=TOP, check=True, capture_output=True,
                                   text=True).stdout.split("\0")[:-1]:
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(TOP / name, target)

    def files(self):
        """A sum of every file but those of the build."""
        return {str(path.relative_to(self.top)): hashlib.sha256(path.read_bytes()).digest()
                for path in self.top.rglob("*") if path.is_file() and self.build not in path.parents}

    def run(self, *command, **options):
        """Output of a program, which succeeds."""
        done = subprocess.run(list(map(str, command)), cwd=self.top, capture_output=True, text=True, check=False,
                              **options)
        if done.returncode:
            raise AssertionError(f"{' '.join(map(str, command))} ended with {done.returncode}:\n"
                                 f"{done.stdout[-4000:]}{done.stderr[-4000:]}")
        return done.stdout

    def generate(self):
        """All that is made of the contract's source."""
        for program in ("contract/generate", "contract/vectors/commands/generate.py",
                        "contract/vectors/vector/generate.py"):
            self.run(sys.executable, program) if program.endswith(".py") else self.run(self.top / program)

    def compile(self, *targets):
        """Programs of the build, by their paths in it."""
        self.run("meson", "setup", self.build, "-Dwerror=true", env={**os.environ, **FLAGS})
        self.run("ninja", "-C", self.build, "-j2", *targets)

    def program(self, target, *arguments, **options):
        """Output of one of them."""
        return self.run(self.build / target, *arguments, **options)
