# SPDX-License-Identifier: MIT
"""Runs suites: two on the host at a time, one guest at a time."""

import os
import signal
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from checker import count, metrics

HOST_JOBS = 2
HEARTBEAT_SECONDS = 30
# The VM runner keeps the time itself; this is for what it needs around the guest.
GUEST_EXTRA_SECONDS = 90


@dataclass
class Result:
    """How a suite ended."""

    suite: object
    count: count.Count
    status: int
    seconds: float
    text: str
    metrics: list


class Runner:
    """Runs suites and says on the terminal how they get on."""

    def __init__(self, logs, say, baseline):
        self.logs = logs
        self.say = say
        self.baseline = baseline
        self.running = {}
        self.lock = threading.Lock()

    def run_all(self, suites):
        """The results, in the order of the suites."""
        stop = threading.Event()
        beat = threading.Thread(target=self.heartbeat, args=(stop,), daemon=True)
        beat.start()
        host = [suite for suite in suites if suite.where == "host"]
        guest = [suite for suite in suites if suite.where == "guest"]
        try:
            with ThreadPoolExecutor(HOST_JOBS) as pool:
                results = list(pool.map(self.run, host))
            results += [self.run(suite) for suite in guest]
        finally:
            stop.set()
        order = {suite.name: index for index, suite in enumerate(suites)}
        return sorted(results, key=lambda result: order[result.suite.name])

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
        status = self.execute(suite, log)
        text = log.read_text(errors="replace")
        with self.lock:
            del self.running[suite.name]
        result = Result(suite, count.count(text, status, suite.silent), status, time.monotonic() - start, text,
                        metrics.found_in(text))
        result.count.failed += sum(not entry["holds"] for entry in result.metrics)
        if result.count.skipped and not suite.skips:
            self.say(f"   {suite.name} skips {result.count.skipped} checks and gives no reason in tests/suites")
            result.count.failed += 1
        for complaint in self.baseline.complaints(result):
            self.say(f"   {complaint} (tests/baseline)")
            result.count.failed += 1
        self.report(result, log)
        return result

    def execute(self, suite, log):
        """Its exit status; a suite that takes too long is ended with everything it started."""
        limit = suite.limit() + (GUEST_EXTRA_SECONDS if suite.where == "guest" else 0)
        with open(log, "wb") as output:
            process = subprocess.Popen(suite.arguments(self.logs / f"check-{suite.name}.vm.log"),
                                       stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                                       start_new_session=True)
            try:
                return process.wait(limit)
            except subprocess.TimeoutExpired:
                output.write(f"\nended after {limit:.0f} s: too slow\n".encode())
                return 124
            finally:
                end_group(process)

    def report(self, result, log):
        """One line for a good suite, the end of the log for a bad one."""
        tally = result.count
        skipped = f", {tally.skipped} skipped" if tally.skipped else ""
        verdict = "FAILED" if tally.failed else "ok"
        self.say(f"== {result.suite.name} ... {verdict}: {tally.passed} passed, {tally.failed} failed{skipped} "
                 f"({result.seconds:.0f} s)")
        if tally.failed:
            tail = "\n".join(f"   | {line}" for line in result.text.splitlines()[-30:])
            self.say(f"{tail}\n   the log is build/logs/{log.name}; again alone: "
                     f"tools/dev/check {result.suite.name}")


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
