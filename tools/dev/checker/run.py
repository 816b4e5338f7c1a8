# SPDX-License-Identifier: MIT
"""Runs suites, two at a time; where each runs makes no difference."""

import os
import select
import signal
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from checker import count, metrics

JOBS = 2
HEARTBEAT_SECONDS = 30
# The VM runner keeps the time itself; this is for what it needs around the guest.
GUEST_EXTRA_SECONDS = 300


@dataclass
class Result:
    """How a suite ended."""

    suite: object
    count: count.Count
    status: int
    seconds: float
    processor_seconds: float
    text: str
    metrics: list
    reasons: list


class Runner:
    """Runs suites and says on the terminal how they get on."""

    def __init__(self, logs, say, baseline, jobs=JOBS):
        self.logs = logs
        self.say = say
        self.baseline = baseline
        self.jobs = jobs
        self.running = {}
        self.lock = threading.Lock()

    def run_all(self, suites):
        """The results, in the order of the suites; long ones start first, so that none is left alone at the end."""
        stop = threading.Event()
        beat = threading.Thread(target=self.heartbeat, args=(stop,), daemon=True)
        beat.start()
        try:
            with ThreadPoolExecutor(self.jobs) as pool:
                longest_first = sorted(suites, key=lambda suite: -suite.timeout)
                running = {suite.name: pool.submit(self.run, suite) for suite in longest_first}
                return [running[suite.name].result() for suite in suites]
        finally:
            stop.set()

    def heartbeat(self, stop):
        """Long suites show that they are alive."""
        while not stop.wait(HEARTBEAT_SECONDS):
            with self.lock:
                running = [f"{name} ({time.monotonic() - start:.0f} s)" for name, start in self.running.items()]
            if running:
                self.say(f"   still running: {', '.join(running)}")

    def run(self, suite):
        """One suite, with its output in a log of its own."""
        start = time.monotonic()
        with self.lock:
            self.running[suite.name] = start
        log = self.logs / f"check-{suite.name}.log"
        status, processor_seconds = self.execute(suite, log)
        text = log.read_text(errors="replace")
        with self.lock:
            del self.running[suite.name]
        result = Result(suite, count.count(text, status, suite.silent), status, time.monotonic() - start,
                        processor_seconds, text, metrics.found_in(text), count.failures(text))
        self.judge(result)
        self.report(result, log)
        return result

    def judge(self, result):
        """What the suite's own count does not say: limits, skips without a reason, the baseline."""
        found = [f"{entry['name']} is {entry['value']:.15g}, not {entry['relation']} {entry['limit']:.15g}"
                 for entry in result.metrics if not entry["holds"]]
        if result.count.skipped and not result.suite.skips:
            found.append(f"{result.count.skipped} skipped checks without a reason in tests/suites")
        found += [f"{complaint} (tests/baseline)" for complaint in self.baseline.complaints(result)]
        result.count.failed += len(found)
        result.reasons += found

    def execute(self, suite, log):
        """Exit status and processor time; a suite that takes too long is ended with everything it started."""
        limit = suite.limit() + (GUEST_EXTRA_SECONDS if suite.where == "guest" else 0)
        with open(log, "wb") as output:
            process = subprocess.Popen(suite.arguments(self.logs / f"check-{suite.name}.vm.log"),
                                       stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                                       start_new_session=True)
            try:
                if await_end(process, limit):
                    return reap(process)
                output.write(f"\nended after {limit:.0f} s: too slow\n".encode())
                return 124, 0.0
            finally:
                end_group(process)

    def report(self, result, log):
        """One line for a good suite, the end of the log for a bad one."""
        tally = result.count
        skipped = f", {tally.skipped} skipped" if tally.skipped else ""
        verdict = "FAILED" if tally.failed else "ok"
        self.say(f"== {result.suite.name} ... {verdict}: {tally.passed} passed, {tally.failed} failed{skipped} "
                 f"({result.seconds:.0f} s, processor {result.processor_seconds:.0f} s)")
        if tally.failed:
            tail = "\n".join(f"   | {line}" for line in result.text.splitlines()[-30:])
            self.say(f"{tail}\n   the log is build/logs/{log.name}; again alone: "
                     f"tools/dev/check {result.suite.name}")


def await_end(process, seconds):
    """Whether a process ends in that time; it stays to be reaped."""
    descriptor = os.pidfd_open(process.pid)
    try:
        return bool(select.select([descriptor], [], [], seconds)[0])
    finally:
        os.close(descriptor)


def reap(process):
    """The exit status, and the processor time of the process and of all descendants that were waited for."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage.ru_utime + usage.ru_stime


def end_group(process):
    """Nothing a suite started outlives it."""
    try:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(10)
    except (ProcessLookupError, subprocess.TimeoutExpired):
        pass
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()
