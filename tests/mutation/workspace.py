# SPDX-License-Identifier: MIT
"""A second copy of the tree, with a build folder of its own, in which mutants are built and tried."""

import json
import os
import shlex
import signal
import subprocess
import time
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
TREE = TOP / "build/mutation/tree"
OUT = TREE / "build/out"
LOG = TOP / "build/logs/mutation.log"

# So many times what the tests take without a change, and so many seconds more, and a mutant hangs.
HANGS = 5
LEAST_SECONDS = 60

KILLED, SURVIVED, EQUIVALENT, INVALID = "killed", "survived", "equivalent", "invalid"


def run(*command, timeout=3600):
    """Whether a command inside the copy succeeds in time; what it prints goes to the log. Nothing of it is left."""
    with open(LOG, "ab") as log:
        process = subprocess.Popen(command, cwd=TREE, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                   start_new_session=True)
        try:
            return process.wait(timeout) == 0
        except subprocess.TimeoutExpired:
            return False
        finally:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()


def files(*patterns):
    """Tracked files."""
    done = subprocess.run(["git", "ls-files", "-z", "--", *patterns], cwd=TOP, capture_output=True, check=True)
    return [name for name in done.stdout.decode().split("\0") if name]


def prepare():
    """Copy what is tracked, without touching what is the same, and build it once."""
    LOG.parent.mkdir(parents=True, exist_ok=True)
    LOG.write_bytes(b"")
    (TREE / "build/logs").mkdir(parents=True, exist_ok=True)
    for name in files():
        source, target = TOP / name, TREE / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists() or target.read_bytes() != source.read_bytes():
            target.write_bytes(source.read_bytes())
            target.chmod(source.stat().st_mode)
    (TOP / "build/guest").mkdir(exist_ok=True)
    for name in ("linux-6.12", "root.stamp", "guest"):
        if not (TREE / "build" / name).is_symlink():
            (TREE / "build" / name).symlink_to(TOP / "build" / name)
    # git names the tests' files in some of them.
    if not (TREE / ".git").exists():
        (TREE / ".git").symlink_to(TOP / ".git")
    if not run("tools/dev/build") or not run("ninja", "-C", "build/out", "-j", "2", "all", "meson-test-prereq"):
        raise RuntimeError(f"the tree does not build without a change: {LOG.relative_to(TOP)}")


def objects(source):
    """The compile commands of a source, each without debug information and with its own output."""
    entries = json.loads((OUT / "compile_commands.json").read_text(encoding="utf-8"))
    path = (TREE / source).resolve()
    for entry in entries:
        if (Path(entry["directory"]) / entry["file"]).resolve() == path:
            words = shlex.split(entry["command"])
            words[words.index("-o") + 1] = str(OUT / "mutant.o")
            yield [*words, "-g0"]


def compiled(source):
    """The code of a source in every library that has it; None where it does not compile."""
    code = []
    for command in objects(source):
        with open(LOG, "ab") as log:
            if subprocess.run(command, cwd=OUT, stdout=log, stderr=log, check=False).returncode:
                return None
        code.append((OUT / "mutant.o").read_bytes())
    return code


class Judge:
    """Who builds the mutants of a part and runs its tests. A mutant that hangs is noticed as well."""

    def __init__(self, part, quick=False):
        self.part = part
        self.quick = quick
        self.seconds = 3600

    def unchanged_is_good(self):
        """Whether the tests pass without a change; how long they take tells when a mutant hangs."""
        start = time.monotonic()
        passed = self.build() and self.good()
        self.seconds = HANGS * (time.monotonic() - start) + LEAST_SECONDS
        return passed

    def build(self):
        """Whether the mutant links; then it is built for suites, where guests find it."""
        return (not self.part.meson or run("ninja", "-C", "build/out", "-j", "2", "all", "meson-test-prereq")) and \
            all(run("tools/dev/build", *arguments.split()) for arguments in self.part.builds)

    def good(self):
        """Whether the tests pass, meson's first; the first failure ends them."""
        return (not self.part.meson or self.programs_pass()) and all(self.passes(suite) for suite in self.part.suites)

    def programs_pass(self):
        """Whether meson's tests pass. The time is bounded here, not by each test's limit."""
        suites = [word for suite in self.part.meson for word in ("--suite", suite)]
        slow = ["--no-suite", "slow"] if self.quick else []
        return run("meson", "test", "-C", "build/out", "--no-rebuild", "--maxfail", "1", "--num-processes", "2",
                   "--timeout-multiplier", "20", *suites, *slow, timeout=self.seconds)

    def passes(self, suite):
        """Whether a suite of tests/suites passes."""
        return run("env", "PYTHONPATH=tools/dev", "python3", "-m", "checker", suite, timeout=self.seconds)


def fate(judged, source, text):
    """What becomes of one mutant. The source is put back whatever happens."""
    path = TREE / source
    original = path.read_text(encoding="utf-8")
    before = compiled(source)
    path.write_text(text, encoding="utf-8")
    try:
        after = compiled(source)
        if after is None:
            return INVALID
        if after and after == before:
            return EQUIVALENT
        if not judged.build():
            return INVALID
        return SURVIVED if judged.good() else KILLED
    finally:
        path.write_text(original, encoding="utf-8")
