# SPDX-License-Identifier: MIT
"""A second copy of the tree, with a build folder of its own, in which mutants are built and tried."""

import hashlib
import json
import os
import subprocess
import time
from pathlib import Path

from mutation import programs
from mutation.process import succeeds

TOP = Path(__file__).resolve().parents[2]
TREE = TOP / "build/mutation/tree"
OUT = TREE / "build/out"
SANITIZED = TREE / "build/sanitized"
LOG = TOP / "build/logs/mutation.log"
# Of what was copied.
DIGEST = TREE.parent / "digest"

# So many times what a suite takes without a change, and so many seconds more, and a mutant hangs.
HANGS = 5
LEAST_SECONDS = 60

KILLED, SURVIVED, EQUIVALENT, INVALID = "killed", "survived", "equivalent", "invalid"


def run(*command, timeout=3600):
    """Whether a command inside the copy succeeds in time; what it prints goes to the log. Nothing of it is left."""
    with open(LOG, "ab") as log:
        return succeeds(command, timeout, log, cwd=TREE)


def files(*patterns):
    """Tracked files."""
    done = subprocess.run(["git", "ls-files", "-z", "--", *patterns], cwd=TOP, capture_output=True, check=True)
    return [name for name in done.stdout.decode().split("\0") if name]


def prepare(whole=True, sanitize=False):
    """
    Copy what is tracked, without touching what is the same. The copy is built as a whole once, and when suites of guests
    are to run in it; programs of the host are linked when they are run. With the sanitizers a folder is set up as well.
    """
    LOG.parent.mkdir(parents=True, exist_ok=True)
    LOG.write_bytes(b"")
    (TREE / "build/logs").mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    for name in files():
        source, target = TOP / name, TREE / name
        content = source.read_bytes()
        digest.update(name.encode() + content)
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists() or target.read_bytes() != content:
            target.write_bytes(content)
            target.chmod(source.stat().st_mode)
    DIGEST.write_text(digest.hexdigest(), encoding="utf-8")
    (TOP / "build/guest").mkdir(exist_ok=True)
    for name in ("linux-6.12", "root.stamp", "guest"):
        if not (TREE / "build" / name).is_symlink():
            (TREE / "build" / name).symlink_to(TOP / "build" / name)
    # git names the tests' files in some of them.
    if not (TREE / ".git").exists():
        (TREE / ".git").symlink_to(TOP / ".git")
    whole = whole or not (OUT / "compile_commands.json").exists()
    if whole and not (run("tools/dev/build") and run("ninja", "-C", "build/out", "-j", "2", "all", "meson-test-prereq")):
        raise RuntimeError(f"the tree does not build without a change: {LOG.relative_to(TOP)}")
    # Its list of tests is that of the last time meson was run.
    if not run("ninja", "-C", "build/out", "build.ninja"):
        raise RuntimeError(f"the tree is not set up without a change: {LOG.relative_to(TOP)}")
    if sanitize and not (SANITIZED / "build.ninja").exists() and not run(
            "meson", "setup", "-Db_sanitize=address,undefined", "-Db_lundef=false", "-Dbuildtype=debugoptimized",
            str(SANITIZED)):
        raise RuntimeError(f"no build folder with the sanitizers: {LOG.relative_to(TOP)}")


def object_of(source):
    """Where the programs' code of a source is, seen from the build folder; None if nothing of the host is made of it."""
    entries = json.loads((OUT / "compile_commands.json").read_text(encoding="utf-8"))
    path = (TREE / source).resolve()
    for entry in entries:
        if (Path(entry["directory"]) / entry["file"]).resolve() == path and "-fsanitize" not in entry["command"]:
            return entry["output"]
    return None


def compiled(source):
    """The code of a source as it is now, empty if nothing of the host is made of it; None where it does not compile."""
    made = object_of(source)
    if not made:
        return b""
    if not run("ninja", "-C", "build/out", made):
        return None
    stripped = OUT / "mutant.o"
    subprocess.run(["objcopy", "--strip-debug", OUT / made, stripped], check=True)
    return stripped.read_bytes()


class Times:
    """How long programs take without a change, kept for the very same tree."""

    path = TREE.parent / "times.json"

    def __init__(self):
        self.tree = DIGEST.read_text(encoding="utf-8")
        kept = json.loads(self.path.read_text(encoding="utf-8")) if self.path.exists() else {}
        self.found = kept["programs"] if kept.get("tree") == self.tree else {}

    def recall(self, key, program):
        """Whether a program passed before, on this tree."""
        if key in self.found:
            program.seconds, program.processor = self.found[key]
        return key in self.found

    def keep(self, key, program):
        """A program passed."""
        self.found[key] = [program.seconds, program.processor]
        self.path.write_text(json.dumps({"tree": self.tree, "programs": self.found}), encoding="utf-8")


class Bench:
    """A build folder with the programs of a part's suites."""

    def __init__(self, out, suites, quick):
        self.out = out
        self.suites = suites
        self.quick = quick
        self.programs = programs.chosen(programs.load(out), suites, quick)

    def links(self, some):
        """Whether programs can be made."""
        targets = sorted({target for program in some for target in program.targets})
        return not targets or run("ninja", "-C", str(self.out), "-j", "2", *targets)

    def measure(self):
        """Takes down what programs take without a change; an error if one fails."""
        if not self.links(self.programs):
            raise RuntimeError(f"{self.out.name} does not build without a change")
        times = Times()
        with open(LOG, "ab") as log:
            for program in self.programs:
                key = f"{self.out.name} {program.name}"
                if not times.recall(key, program):
                    if not program.measure(log):
                        raise RuntimeError(f"{key} fails without a change")
                    times.keep(key, program)

    def noticed(self, source):
        """Who notices the mutant of a source, "" if none does, None if it does not link. The first failure ends it."""
        for batch in programs.batches(programs.ordered(self.programs, self.suites, source, self.quick)):
            if not self.links(batch):
                return None
            with open(LOG, "ab") as log:
                program = programs.first_that_fails(batch, log)
            if program:
                program.noticed.add(source)
                return program.name
        return ""


class Judge:
    """Who builds the mutants of a part and runs its tests. A mutant that hangs is noticed as well."""

    def __init__(self, part, quick=False, sanitize=False):
        self.part = part
        self.suites = () if quick and part.meson else part.suites
        self.benches = [Bench(out, part.meson, quick) for out in (OUT, SANITIZED)[:1 + sanitize]] if part.meson else []
        self.seconds = 3600
        self.originals = {}

    def unchanged_is_good(self):
        """Whether the tests pass without a change; how long they take tells when a mutant hangs."""
        for bench in self.benches:
            bench.measure()
        start = time.monotonic()
        passed = self.built() and self.suites_pass()
        self.seconds = HANGS * (time.monotonic() - start) + LEAST_SECONDS
        return passed

    def original(self, source):
        """The code of a source without a change."""
        if source not in self.originals:
            self.originals[source] = compiled(source)
        return self.originals[source]

    def noticed(self, source):
        """Who notices the mutant of a source, "" if no test does, None if it does not build."""
        for bench in self.benches:
            name = bench.noticed(source)
            if name != "":
                return name
        if not self.built():
            return None
        return "" if self.suites_pass() else self.suites[0]

    def built(self):
        """Whether what the suites of tests/suites need builds."""
        return not self.suites or \
            (not self.part.targets or run("ninja", "-C", "build/out", "-j", "2", *self.part.targets)) and \
            all(run("tools/dev/build", *arguments.split()) for arguments in self.part.builds)

    def suites_pass(self):
        """Whether the suites of tests/suites pass."""
        return all(self.passes(suite) for suite in self.suites)

    def passes(self, suite):
        """Whether a suite of tests/suites passes."""
        return run("env", "PYTHONPATH=tools/dev", "python3", "-m", "checker", suite, timeout=self.seconds)


def fate(judged, source, text):
    """(what becomes of one mutant, who noticed it). The source is put back whatever happens."""
    path = TREE / source
    original = path.read_text(encoding="utf-8")
    before = judged.original(source)
    path.write_text(text, encoding="utf-8")
    try:
        after = compiled(source)
        if after is None:
            return INVALID, None
        if after and after == before:
            return EQUIVALENT, None
        name = judged.noticed(source)
        return (INVALID if name is None else KILLED if name else SURVIVED), name
    finally:
        path.write_text(original, encoding="utf-8")
