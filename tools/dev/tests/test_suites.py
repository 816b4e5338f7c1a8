# SPDX-License-Identifier: MIT
"""The list of suites and the figures."""

import unittest
from pathlib import Path
from unittest import mock

from checker import cli, metrics, suites


class List(unittest.TestCase):
    """suites.parse()"""

    def test_guest_suite_becomes_a_vm_run(self):
        suite, = suites.parse("[x]\nwhere = guest\ncommand = prog a\nvm = --npu edge --smp 1\ntimeout = 9\n")
        arguments = suite.arguments(Path("log"))
        self.assertEqual(arguments[:2], ["tools/dev/vm", "run"])
        self.assertEqual(arguments[-4:], ["--", "bash", "-c", "prog a"])
        self.assertIn("edge", arguments)
        self.assertIn(str(9.0 * suites.PATIENCE), arguments)

    def test_each_kernel_is_a_suite(self):
        first, second = suites.parse("[x]\nwhere = guest\ncommand = a\nkernels = 6.12 7.3\n")
        self.assertEqual((first.name, second.name), ("x", "x-7.3"))
        arguments = second.arguments(Path("log"))
        self.assertEqual(arguments[arguments.index("--kernel") + 1], "7.3")

    def test_all_guests_can_be_given_another_number_of_cpus(self):
        guest, = suites.parse("[x]\nwhere = guest\ncommand = a\nvm = --npu edge --smp 4\n")
        arguments = guest.with_cpus(1).arguments(Path("log"))
        self.assertEqual(arguments[arguments.index("--", 1) - 1], "1")
        self.assertEqual(guest.vm, ["--npu", "edge", "--smp", "4"])
        host, = suites.parse("[x]\nwhere = host\ncommand = a\n")
        self.assertEqual(host.with_cpus(1), host)

    def test_the_long_lane_is_for_those_who_ask(self):
        short, long = suites.parse("[x]\nwhere = host\ncommand = a\n[y]\nwhere = host\ncommand = a\nlane = long\n")
        with mock.patch.object(suites, "parse", lambda text: [short, long]):
            self.assertEqual(cli.selected([], False), [short])
            self.assertEqual(cli.selected([], True), [short, long])
            self.assertEqual(cli.selected(["y"], False), [long])

    def test_names_are_unique(self):
        text = (Path(__file__).resolve().parents[3] / "tests/suites").read_text(encoding="utf-8")
        names = [suite.name for suite in suites.parse(text)]
        self.assertEqual(len(names), len(set(names)))

    def test_mistakes_are_refused(self):
        for text in ("[x]\nwhere = moon\ncommand = a\n", "[x]\nwhere = host\n",
                     "[x]\nwhere = host\ncommand = a\nvm = --npu edge\n",
                     "[x]\nwhere = host\ncommand = a\nkernels = 7.3\n",
                     "[x]\nwhere = host\ncommand = a\nlane = fast\n",
                     "[x]\nwhere = host\ncommand = a\ntime = 3\n"):
            with self.subTest(text=text), self.assertRaises(ValueError):
                suites.parse(text)

    def test_the_real_list_is_valid(self):
        text = (Path(__file__).resolve().parents[3] / "tests/suites").read_text(encoding="utf-8")
        self.assertTrue(suites.parse(text))


class Figures(unittest.TestCase):
    """metrics.found_in()"""

    def test_line_becomes_a_figure(self):
        found = metrics.found_in("noise\n# metric mmio_reads_per_job 0 reads <= 0\n")
        self.assertEqual(found, [metrics.metric("mmio_reads_per_job", 0.0, "reads", "<=", 0.0)])
        self.assertTrue(found[0]["holds"])

    def test_figure_without_limit_reads_back(self):
        speed = metrics.figure("pictures_per_second", 6140.0, "1/s")
        self.assertEqual(metrics.found_in(metrics.line(speed) + "\n"), [speed])

    def test_limit_is_held_against_the_value(self):
        self.assertFalse(metrics.found_in("# metric accuracy 89.9 % >= 90\n")[0]["holds"])


if __name__ == "__main__":
    unittest.main()
