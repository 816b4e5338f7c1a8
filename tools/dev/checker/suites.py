# SPDX-License-Identifier: MIT
"""The suites as tests/suites lists them."""

import configparser
import shlex
from dataclasses import dataclass, field, replace

DEFAULT_SECONDS = 120
# Time limits are written for a quiet machine and end only what hangs.
PATIENCE = 5
DEFAULT_KERNEL = "6.12"
LONG = "long"
KEYS = {"where", "command", "timeout", "vm", "kernels", "silent", "skips", "lane"}


@dataclass
class Suite:
    """One entry of tests/suites."""

    name: str
    where: str
    command: str
    timeout: float = DEFAULT_SECONDS
    vm: list = field(default_factory=list)
    kernel: str = ""
    silent: bool = False
    skips: str = ""
    lane: str = ""

    def limit(self):
        """Seconds until it counts as hanging."""
        return self.timeout * PATIENCE

    def with_cpus(self, cpus):
        """The same suite in guests of so many CPUs; on the host nothing changes."""
        return self if self.where == "host" else replace(self, vm=[*self.vm, "--smp", str(cpus)])

    def arguments(self, log):
        """What to run inside the build root."""
        if self.where == "host":
            return ["bash", "-c", self.command]
        return ["tools/dev/vm", "run", "--quiet", "--log", str(log), "--timeout", str(self.limit()),
                "--kernel", self.kernel, *self.vm, "--", "bash", "-c", self.command]


def parse(text):
    """The suites in the order of the file; a mistake in it raises ValueError."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(text)
    return [suite for name in parser.sections() for suite in suites_of(name, parser[name])]


def suites_of(name, entry):
    """One section: a suite, or one for each of its kernels."""
    check(name, entry)
    base = Suite(name, entry["where"], entry["command"], entry.getfloat("timeout", DEFAULT_SECONDS),
                 shlex.split(entry.get("vm", "")), silent=entry.getboolean("silent", False),
                 skips=entry.get("skips", ""), lane=entry.get("lane", ""))
    if base.where == "host":
        return [base]
    kernels = entry.get("kernels", DEFAULT_KERNEL).split()
    return [replace(base, kernel=kernel, name=name if kernel == DEFAULT_KERNEL else f"{name}-{kernel}")
            for kernel in kernels]


def check(name, entry):
    """Refuse what a section may not say."""
    unknown = set(entry) - KEYS
    if unknown:
        raise ValueError(f"tests/suites: [{name}] has unknown keys: {', '.join(sorted(unknown))}")
    if entry.get("where") not in ("host", "guest"):
        raise ValueError(f"tests/suites: [{name}] needs where = host or where = guest")
    if not entry.get("command"):
        raise ValueError(f"tests/suites: [{name}] has no command")
    if entry.get("lane", LONG) != LONG:
        raise ValueError(f"tests/suites: [{name}] has a lane that is not {LONG}")
    for key in ("vm", "kernels"):
        if entry.get(key) and entry["where"] == "host":
            raise ValueError(f"tests/suites: [{name}] runs on the host and has {key}")
