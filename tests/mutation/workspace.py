# SPDX-License-Identifier: MIT
"""A second copy of the tree, with a build folder of its own, in which mutants are built and tried."""

import json
import shlex
import subprocess
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
TREE = TOP / "build/mutation/tree"
OUT = TREE / "build/out"
LOG = TOP / "build/logs/mutation.log"

KILLED, SURVIVED, EQUIVALENT, INVALID = "killed", "survived", "equivalent", "invalid"


def run(*command, timeout=1800):
    """Whether a command inside the copy succeeds; what it prints goes to the log."""
    with open(LOG, "ab") as log:
        try:
            return subprocess.run(command, cwd=TREE, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                  timeout=timeout, check=False).returncode == 0
        except subprocess.TimeoutExpired:
            return False


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
    for name in ("linux-6.12", "root.stamp", "guest"):
        if not (TREE / "build" / name).exists():
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


class Host:
    """A part that meson's tests judge."""

    def __init__(self, part):
        self.part = part

    def good(self):
        """Whether the tests pass; the first failure ends them."""
        suites = [word for suite in self.part.meson for word in ("--suite", suite)]
        return run("meson", "test", "-C", "build/out", "--maxfail", "1", "--num-processes", "2",
                   "--timeout-multiplier", "3", *suites)

    def build(self):
        """Whether the mutant links."""
        return run("ninja", "-C", "build/out", "-j", "2", "all", "meson-test-prereq")


class Guest:
    """A part that guests judge."""

    def __init__(self, part):
        self.part = part

    def good(self):
        """Whether the suites pass, one after the other."""
        return all(run("env", "PYTHONPATH=tools/dev", "python3", "-m", "checker", suite) for suite in self.part.guest)

    def build(self):
        """Whether the mutant is a module."""
        return run("tools/dev/build", "modules", "6.12") and run("tools/dev/build", "stage")


def judge(part):
    """Who builds and judges a part's mutants."""
    return Guest(part) if part.guest else Host(part)


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
