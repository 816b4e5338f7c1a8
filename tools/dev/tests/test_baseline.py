# SPDX-License-Identifier: MIT
"""What a run is held against."""

import unittest
from pathlib import Path
from types import SimpleNamespace

from checker import baseline, metrics
from checker.count import Count


def result(name, passed, skipped=0, skips="", **figures):
    """A suite's result."""
    return SimpleNamespace(suite=SimpleNamespace(name=name, skips=skips), count=Count(passed, 0, skipped),
                           metrics=[metrics.metric(key, value, "", "<=", 1e9) for key, value in figures.items()])


class Held(unittest.TestCase):
    """Baseline.complaints()"""

    def setUp(self):
        self.baseline = baseline.parse("# comment\nchecks a 3\nexact cycles 98984245\n")

    def test_lost_check_is_noticed(self):
        self.assertTrue(self.baseline.complaints(result("a", 2)))

    def test_skips_with_a_reason_are_no_lost_checks(self):
        self.assertFalse(self.baseline.complaints(result("a", 2, skipped=1, skips="no such kernel")))
        self.assertTrue(self.baseline.complaints(result("a", 2, skipped=1)))

    def test_further_checks_are_fine(self):
        self.assertFalse(self.baseline.complaints(result("a", 4)))
        self.assertFalse(self.baseline.complaints(result("new", 1)))

    def test_exact_figure_moves_in_neither_direction(self):
        self.assertFalse(self.baseline.complaints(result("a", 3, cycles=98984245.0)))
        self.assertTrue(self.baseline.complaints(result("a", 3, cycles=98984246.0)))
        self.assertTrue(self.baseline.complaints(result("a", 3, cycles=98984244.0)))

    def test_renewed_reads_back(self):
        again = baseline.parse(baseline.renewed(self.baseline, [result("b", 7, cycles=5.0)]).text())
        self.assertEqual((again.checks, again.exact), ({"b": 7}, {"cycles": 5.0}))

    def test_mistakes_are_refused(self):
        with self.assertRaises(ValueError):
            baseline.parse("check a 3\n")

    def test_the_real_one_is_valid(self):
        text = (Path(__file__).resolve().parents[3] / "tests/baseline").read_text(encoding="utf-8")
        self.assertTrue(baseline.parse(text).checks)


if __name__ == "__main__":
    unittest.main()
