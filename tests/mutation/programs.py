# SPDX-License-Identifier: MIT
"""meson's tests as programs: which a mutant is tried by, in an order that finds most of them soon."""

import json
import os
import re
import resource
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

from mutation.process import succeeds

# A program hangs that takes so many times the processor time (the time) that it takes without a change, and seconds more.
HANGS, LEAST_SECONDS = 5, 10
# Of programs that take more processor seconds, the quick ones are those of a source's name.
LONG = 4
STANDS, LEAST_STANDING = 20, 20
WORKERS = 2


@dataclass
class Program:
    """One test of meson. What it takes is known once it has run without a change."""

    name: str
    command: list
    environment: dict
    folder: str
    targets: list
    suites: list
    seconds: float = 0.0
    processor: float = 0.0
    noticed: set = field(default_factory=set)

    def limits(self):
        """(seconds, processor seconds of a process)"""
        return (STANDS * self.seconds + LEAST_STANDING, round(HANGS * self.processor + LEAST_SECONDS)) \
            if self.seconds else (3600, 3600)

    def passes(self, log):
        """Whether it succeeds in time. Nothing of it is left."""
        seconds, processor = self.limits()
        return succeeds(self.command, seconds, log, processor, cwd=self.folder, env={**os.environ, **self.environment})

    def measure(self, log):
        """Whether it succeeds without a change; takes down how long it needs."""
        start, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
        passed = self.passes(log)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.seconds = time.monotonic() - start
        self.processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return passed

    def kinship(self, source):
        """How near its name is to that of a source: 0 the same, 1 the same first word, 2 another."""
        name, stem = self.name.partition("-")[2], Path(source).stem
        first = [re.split("[_-]", word)[0].rstrip("s") for word in (name, stem)]
        return 0 if name == stem else 1 if first[0] == first[1] else 2


def load(out):
    """The tests of a build folder."""
    def read(name):
        return json.loads((out / "meson-info" / name).read_text(encoding="utf-8"))

    made = {target["id"]: target["filename"] for target in read("intro-targets.json")}
    for test in read("intro-tests.json"):
        yield Program(test["name"], test["cmd"], test["env"], test["workdir"] or str(out),
                      [os.path.relpath(name, out) for target in test["depends"] for name in made[target]],
                      [suite.rpartition(":")[2] for suite in test["suite"]])


def chosen(programs, suites, quick):
    """Those of some suites. The quick ones are of the first suite, not of suite slow, and each is run in one way only."""
    found, seen = [], set()
    for program in programs:
        if not set(suites[:1] if quick else suites) & set(program.suites):
            continue
        command = tuple(program.command)
        if quick and ("slow" in program.suites or command in seen):
            continue
        seen.add(command)
        found.append(program)
    return found


def ordered(programs, suites, source, quick=False):
    """Who noticed a mutant of this source before, then who has its name, then suite by suite, fast ones first."""
    def key(program):
        suite = min(suites.index(name) for name in program.suites if name in suites)
        return source not in program.noticed, program.kinship(source), suite, program.processor
    return sorted((program for program in programs
                   if not quick or program.processor <= LONG or program.kinship(source) < 2), key=key)


def first_that_fails(programs, log):
    """One that does not pass, or None; two run side by side, and those behind it do not begin."""
    with ThreadPoolExecutor(WORKERS) as pool:
        verdicts = {pool.submit(program.passes, log): program for program in programs}
        for verdict in as_completed(verdicts):
            if not verdict.result():
                pool.shutdown(wait=True, cancel_futures=True)
                return verdicts[verdict]
    return None


def batches(programs):
    """One, two, four and so on: most mutants are noticed before the others are linked."""
    size = 1
    while programs:
        yield programs[:size]
        programs, size = programs[size:], 2 * size
