# SPDX-License-Identifier: MIT
"""Runs the suite of a careless driver in a guest, and says what it noticed."""

import sys
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, STDOUT, run

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tools/dev"))

from checker import count, suites  # noqa: E402  pylint: disable=wrong-import-position

LOGS = TOP / "build/logs"
SUITES = TOP / "tests/suites"
# Statuses of tools/dev/vm that tell of a run which never was: no guest, or no virtual NPU.
NOT_RUN = (244, 246)
# In the guest: the module of the driver in the place of the one that was staged.
MODULE = 'mount --bind /share/tessera.ko "/opt/tessera/modules/$(uname -r)/tessera.ko" && '


class RunError(Exception):
    """A guest that did not run."""


@dataclass
class Outcome:
    """What a suite made of a driver."""

    passed: bool
    reason: str


def suite_of(driver):
    """The entry of tests/suites."""
    known = {suite.name: suite for suite in suites.parse(SUITES.read_text(encoding="utf-8"))}
    if driver.suite not in known:
        raise RunError(f"{driver.path.name}: there is no suite {driver.suite}")
    return known[driver.suite]


def devices(options, unkind):
    """Options of a guest with all virtual NPUs unkind, or none."""
    made = []
    for option, value in zip(["", *options], options):
        if option == "--npu":
            value = ",".join(part for part in value.split(",") if part != "unkind") + (",unkind" if unkind else "")
        made.append(value)
    return made


def guest(driver, module, unkind):
    """The command line of a run, and its log."""
    suite = suite_of(driver)
    log = LOGS / f"careless-{module.parent.name}-{suite.name}-{'unkind' if unkind else 'kind'}.vm.log"
    options = devices([*suite.vm, *driver.options.split()], unkind)
    return ["tools/dev/vm", "run", "--quiet", "--log", str(log), "--timeout", str(suite.limit()),
            "--share", str(module.parent), *options, "--", "bash", "-c", MODULE + (driver.command or suite.command)], log


def reason_of(text, status):
    """The first thing that a run complained of."""
    reasons = count.failures(text)
    return reasons[0].strip() if reasons else f"status {status}"


def outcome(driver, module, unkind):
    """Run the suite once."""
    command, log = guest(driver, module, unkind)
    output = log.with_suffix("").with_suffix(".log")
    LOGS.mkdir(parents=True, exist_ok=True)
    with open(output, "wb") as out:
        status = run(command, cwd=TOP, stdin=DEVNULL, stdout=out, stderr=STDOUT, check=False).returncode
    text = output.read_text(encoding="utf-8", errors="replace")
    if status in NOT_RUN:
        raise RunError(f"{output.relative_to(TOP)}: the guest did not run: {text[-500:]}")
    tally = count.count(text, status, False)
    return Outcome(not tally.failed, "" if not tally.failed else reason_of(text, status))
