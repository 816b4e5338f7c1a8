# SPDX-License-Identifier: MIT
"""Counting what test programs report."""

import unittest

from checker.count import Count, count


class Counting(unittest.TestCase):
    """count()"""

    def test_tap(self):
        text = "TAP version 13\n1..4\nok 1 a\nnot ok 2 b\nok 3 c # SKIP no device\nok 4 d\n"
        self.assertEqual(count(text, 1), Count(2, 1, 1))

    def test_tap_with_missing_results(self):
        self.assertEqual(count("1..3\nok 1 a\n", 0), Count(1, 2, 0))

    def test_ktap_counts_parents_only(self):
        self.assertEqual(count("KTAP version 1\n1..1\n    1..2\n    ok 1 x\n    ok 2 y\nok 1 suite\n", 0), Count(1))

    def test_cmocka(self):
        text = "[==========] t: 3 test(s) run.\n[  PASSED  ] 2 test(s).\n[  FAILED  ] t: 1 test(s), listed below:\n"
        self.assertEqual(count(text, 1), Count(2, 1, 0))

    def test_unittest(self):
        text = "Ran 5 tests in 0.1s\n\nFAILED (failures=1, errors=1, skipped=1)\n"
        self.assertEqual(count(text, 1), Count(2, 2, 1))

    def test_summary_stands_for_everything(self):
        self.assertEqual(count("ok 1 x\n1..1\n# checks 7 passed 0 failed 1 skipped\n", 0), Count(7, 0, 1))

    def test_silent_program_is_one_check(self):
        self.assertEqual(count("hello\n", 0, silent=True), Count(1))
        self.assertEqual(count("hello\n", 3, silent=True), Count(0, 1))

    def test_program_that_lost_its_checks_has_failed(self):
        self.assertEqual(count("hello\n", 0), Count(0, 1))
        self.assertEqual(count("", 0), Count(0, 1))

    def test_bad_status_never_passes(self):
        self.assertEqual(count("1..2\nok 1 a\nok 2 b\n", 139).failed, 1)


if __name__ == "__main__":
    unittest.main()
