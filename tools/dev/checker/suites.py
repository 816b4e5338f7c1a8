# SPDX-License-Identifier: MIT
"""The suites as tests/suites lists them."""

import configparser
import shlex
from dataclasses import dataclass, field

DEFAULT_SECONDS = 120
KEYS = {"where", "command", "timeout", "vm"}


@dataclass
class Suite:
    """One entry of tests/suites."""

    name: str
    where: str
    command: str
    timeout: float = DEFAULT_SECONDS
    vm: list = field(default_factory=list)

    def arguments(self, log):
        """What to run inside the build root."""
        if self.where == "host":
            return ["bash", "-c", self.command]
        return ["tools/dev/vm", "run", "--quiet", "--log", str(log), "--timeout", str(self.timeout),
                *self.vm, "--", "bash", "-c", self.command]


def parse(text):
    """The suites in the order of the file; a mistake in it raises ValueError."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(text)
    return [suite_of(name, parser[name]) for name in parser.sections()]


def suite_of(name, entry):
    """One section."""
    unknown = set(entry) - KEYS
    if unknown:
        raise ValueError(f"tests/suites: [{name}] has unknown keys: {', '.join(sorted(unknown))}")
    if entry.get("where") not in ("host", "guest"):
        raise ValueError(f"tests/suites: [{name}] needs where = host or where = guest")
    if not entry.get("command"):
        raise ValueError(f"tests/suites: [{name}] has no command")
    if entry.get("vm") and entry["where"] == "host":
        raise ValueError(f"tests/suites: [{name}] runs on the host and has vm options")
    return Suite(name, entry["where"], entry["command"], entry.getfloat("timeout", DEFAULT_SECONDS),
                 shlex.split(entry.get("vm", "")))
