# SPDX-License-Identifier: MIT
"""
python3 -m careless [NAME...]: builds each careless driver and runs its suite on an unkind device, where it has to fail,
and the same suite with the driver as it is, which has to pass. --kind runs them on a kind device as well.
"""

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from careless import driver, module, run

JOBS = 2


def parser():
    """The command line."""
    top = argparse.ArgumentParser(prog="careless", description=__doc__)
    top.add_argument("--kind", action="store_true", help="tell also what notices them on a kind device")
    top.add_argument("--list", action="store_true", help="show the drivers")
    top.add_argument("name", nargs="*", help="only these")
    return top


def chosen(names):
    """The drivers asked for, or all."""
    known = driver.every()
    unknown = set(names) - {one.name for one in known}
    if unknown:
        raise ValueError(f"no such driver: {', '.join(sorted(unknown))}")
    return [one for one in known if not names or one.name in names]


@dataclass(frozen=True)
class Run:
    """A suite to run, with a driver's patch or with the driver as it is, on devices of a mode."""

    driver: object
    patched: bool
    unkind: bool

    def outcome(self):
        """Build the module, unless another run had it built, and run the suite."""
        return run.outcome(self.driver, module.build(self.driver if self.patched else None), self.unkind)

    def verdict(self, outcome):
        """(whether that is as it has to be, what it says)."""
        where = f"{self.driver.suite} on {'an unkind' if self.unkind else 'a kind'} device"
        found = "passes" if outcome.passed else f"fails: {outcome.reason}"
        if not self.patched:
            return outcome.passed, f"{where}: the driver as it is {found}"
        wanted = "fails" if self.unkind else self.driver.kind
        good = wanted == "either" or outcome.passed == (wanted == "passes")
        return good, f"{self.driver.name}: {where} {found}"


def runs_of(drivers, kind):
    """Each suite once with the driver as it is, then the patches."""
    alone = {(one.suite, one.command, one.options): Run(one, False, True) for one in drivers}
    modes = (True, False) if kind else (True,)
    return [*alone.values(), *(Run(one, True, unkind) for one in drivers for unkind in modes)]


def print_table(outcomes):
    """Driver, what caught it, and whether a kind device shows it too."""
    noticed = {(one.driver.name, one.unkind): not outcome.passed for one, outcome in outcomes.items() if one.patched}
    suites = {one.driver.name: one.driver.suite for one in sorted(outcomes, key=lambda one: one.driver.name)
              if one.patched}
    width = max(map(len, suites), default=0)
    print(f"\n{'driver':{width}}  caught by          unkind  kind")
    for name, suite in suites.items():
        kind = noticed.get((name, False))
        print(f"{name:{width}}  {suite:17}  {'yes' if noticed[name, True] else 'NO':6}  "
              f"{'-' if kind is None else 'yes' if kind else 'no'}")


def main(arguments):
    """Entry: a TAP line for each run."""
    options = parser().parse_args(arguments)
    drivers = chosen(options.name)
    if options.list:
        print("\n".join(f"{one.name:28} {one.suite:18} {one.breaks}" for one in drivers))
        return 0
    runs = runs_of(drivers, options.kind)
    print(f"1..{len(runs)}", flush=True)
    outcomes, failed = {}, 0
    with ThreadPoolExecutor(JOBS) as pool:
        running = {pool.submit(one.outcome): one for one in runs}
        for number, done in enumerate(as_completed(running), 1):
            one = running[done]
            outcomes[one] = done.result()
            good, text = one.verdict(outcomes[one])
            failed += not good
            print(f"{'ok' if good else 'not ok'} {number} - {text}", flush=True)
    print_table(outcomes)
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (ValueError, module.BuildError, run.RunError) as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(1)
