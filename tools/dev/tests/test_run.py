# SPDX-License-Identifier: MIT
"""How suites are run and judged, with commands that stand for test programs."""

import os
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from checker import baseline, suites
from checker.run import Runner


def run_suites(text, known=None, jobs=2):
    """Results and what was said; the suites run here and not in the build root."""
    said = []
    chosen = suites.parse(text)
    with tempfile.TemporaryDirectory() as folder, \
            mock.patch.object(suites.Suite, "arguments", lambda suite, log: ["bash", "-c", suite.command]):
        results = Runner(Path(folder), said.append, known or baseline.Baseline(), jobs).run_all(chosen)
    return results, said


def run_one(command, extra="", known=None):
    """The result of a suite x on the host."""
    (result,), _ = run_suites(f"[x]\nwhere = host\ncommand = {command}\n{extra}", known)
    return result


class Judgement(unittest.TestCase):
    """What counts as a failure, and how it is named."""

    def test_failed_checks_are_named_in_the_programs_words(self):
        result = run_one("printf '1..2\\nok 1 a\\nnot ok 2 memory.is_zero\\n'; exit 1")
        self.assertEqual((result.count.passed, result.count.failed), (1, 1))
        self.assertEqual(result.reasons, ["not ok 2 memory.is_zero"])

    def test_a_figure_beyond_its_limit_is_a_failure_with_both_numbers(self):
        result = run_one("printf '1..1\\nok 1 a\\n# metric reads 3 reads <= 2\\n'")
        self.assertEqual((result.count.failed, result.reasons), (1, ["reads is 3, not <= 2"]))

    def test_skipping_without_a_reason_is_a_failure(self):
        result = run_one("printf '1..1\\nok 1 a # SKIP\\n'")
        self.assertEqual((result.count.skipped, result.count.failed), (1, 1))
        self.assertIn("without a reason", result.reasons[0])

    def test_skipping_with_a_reason_is_none(self):
        result = run_one("printf '1..1\\nok 1 a # SKIP\\n'", "skips = no such device here\n")
        self.assertEqual((result.count.failed, result.reasons), (0, []))

    def test_the_processor_time_is_that_of_all_processes(self):
        busy = "import time; all(iter(lambda: time.process_time() < 0.3, False))"
        result = run_one(f"printf '1..1\\nok 1 a\\n'; python3 -c '{busy}' & wait")
        self.assertGreaterEqual(result.processor_seconds, 0.3)

    def test_a_lost_check_is_a_failure(self):
        result = run_one("printf '1..1\\nok 1 a\\n'", known=baseline.Baseline({"x": 2}))
        self.assertEqual(result.count.failed, 1)
        self.assertIn("at least 2", result.reasons[0])


class Lanes(unittest.TestCase):
    """Suites beside each other: either of these ends only when the other runs."""

    def test_two_suites_run_at_a_time(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in "ab":
                os.mkfifo(Path(folder, name))
            text = "".join(f"[{own}]\nwhere = host\nsilent = yes\n"
                           f"command = echo > {folder}/{own} & read -r < {folder}/{other}; wait\n"
                           for own, other in ("ab", "ba"))
            results, _ = run_suites(text)
        self.assertEqual([result.count.passed for result in results], [1, 1])

    def test_the_longest_suite_starts_first(self):
        text = "".join(f"[{name}]\nwhere = host\nsilent = yes\ncommand = true\ntimeout = {seconds}\n"
                       for name, seconds in {"a": 120, "b": 300, "c": 120, "d": 900}.items())
        _, said = run_suites(text, jobs=1)
        self.assertEqual([line.split()[1] for line in said], ["d", "b", "a", "c"])

    def test_results_keep_the_order_of_the_list(self):
        text = "".join(f"[{name}]\nwhere = host\nsilent = yes\ncommand = true\n" for name in "cab")
        results, _ = run_suites(text)
        self.assertEqual([result.suite.name for result in results], ["c", "a", "b"])


if __name__ == "__main__":
    unittest.main()
