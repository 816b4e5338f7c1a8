# SPDX-License-Identifier: MIT
"""tools/dev/check: runs the suites of tests/suites, prints a table and writes build/check.json."""

import argparse
import signal
import sys
import time
from pathlib import Path

from checker import baseline, metrics, suites
from checker.count import Count
from checker.run import JOBS, Runner

TOP = Path(__file__).resolve().parents[3]
LIST = TOP / "tests/suites"
LOGS = TOP / "build/logs"
REPORT = TOP / "build/check.json"
BASELINE = TOP / "tests/baseline"


def say(text):
    """Progress."""
    print(text, flush=True)


def selected(names, long):
    """The suites asked for, or all; those of the long lane only if they are wanted."""
    known = suites.parse(LIST.read_text(encoding="utf-8"))
    unknown = set(names) - {suite.name for suite in known}
    if unknown:
        raise ValueError(f"no such suite: {', '.join(sorted(unknown))} (see tools/dev/check --list)")
    return [suite for suite in known if suite.name in names or not names and (long or suite.lane != suites.LONG)]


def print_table(results):
    """One row for each suite."""
    width = max(len(result.suite.name) for result in results)
    say(f"\n{'suite':{width}}  where  passed  failed  skipped  seconds  processor")
    for result in results:
        tally = result.count
        say(f"{result.suite.name:{width}}  {result.suite.where:5}  {tally.passed:6}  {tally.failed:6}  "
            f"{tally.skipped:7}  {result.seconds:7.0f}  {result.processor_seconds:9.0f}")


def print_failures(results):
    """Every suite that failed, with the reasons, where a reader of the end of a log finds them."""
    for result in results:
        if result.count.failed:
            say(f"\nFAILED {result.suite.name} (build/logs/check-{result.suite.name}.log)")
            say("\n".join(f"   {reason}" for reason in result.reasons or [f"its status is {result.status}"]))


def report(results, seconds):
    """Every figure of the run."""
    total = sum((result.count for result in results), Count())
    bad = sum(result.count.failed > 0 for result in results)
    known = sum(baseline.parse(BASELINE.read_text(encoding="utf-8")).checks.values())
    figures = [
        metrics.metric("checks_passed", total.passed, "checks", ">=", known),
        metrics.metric("checks_failed", total.failed, "checks", "<=", 0),
        metrics.metric("checks_skipped", total.skipped, "checks", "<=", 0),
        metrics.metric("suites_failed", bad, "suites", "<=", 0),
        metrics.metric("check_seconds", round(seconds, 1), "s", "<=", 1800),
    ]
    for result in results:
        figures += result.metrics
    return total, figures


def entry(result):
    """A suite in the report."""
    return {"name": result.suite.name, "where": result.suite.where, "kernel": result.suite.kernel,
            "passed": result.count.passed, "failed": result.count.failed, "skipped": result.count.skipped,
            "seconds": round(result.seconds, 1), "processor_seconds": round(result.processor_seconds, 1)}


def run(chosen, complete, update, jobs):
    """Run them; only a complete run replaces the report, and only a good one the baseline."""
    start = time.monotonic()
    LOGS.mkdir(parents=True, exist_ok=True)
    known = baseline.parse(BASELINE.read_text(encoding="utf-8"))
    results = Runner(LOGS, say, baseline.Baseline() if update else known, jobs).run_all(chosen)
    print_table(results)
    print_failures(results)
    total, figures = report(results, time.monotonic() - start)
    if complete:
        metrics.write(REPORT, figures, [entry(result) for result in results])
    if update and complete and not total.failed:
        BASELINE.write_text(baseline.renewed(known, results).text(), encoding="utf-8")
    say(f"\n{total.passed} passed, {total.failed} failed")
    return 1 if total.failed else 0


def main(arguments):
    """Entry."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    parser = argparse.ArgumentParser(prog="tools/dev/check", description=__doc__)
    parser.add_argument("--list", action="store_true", help="show the suites")
    parser.add_argument("--update-baseline", action="store_true",
                        help="after a complete run without failures, write tests/baseline anew")
    parser.add_argument("suite", nargs="*", help="only these")
    parser.add_argument("--long", action="store_true", help="those of the long lane too")
    parser.add_argument("--jobs", type=int, default=JOBS, metavar="N", help="suites at a time (default %(default)s)")
    parser.add_argument("--guest-cpus", type=int, metavar="N", help="give each guest so many CPUs instead of two")
    options = parser.parse_args(arguments)
    try:
        chosen = selected(options.suite, options.long or options.list)
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    if options.list:
        say("\n".join(f"{suite.name:24} {suite.where}  {suite.command}" for suite in chosen))
        return 0
    if options.guest_cpus:
        chosen = [suite.with_cpus(options.guest_cpus) for suite in chosen]
    return run(chosen, not options.suite and not options.long, options.update_baseline, options.jobs)
