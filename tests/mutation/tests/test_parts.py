# SPDX-License-Identifier: MIT
"""What the parts name is there: sources, meson's suites, suites of tests/suites."""

import configparser
import json
import unittest

from mutation import cli, parts, programs, workspace

TOP = workspace.TOP


def meson_suites():
    """The names of meson's suites, without the project's."""
    tests = json.loads((TOP / "build/out/meson-info/intro-tests.json").read_text(encoding="utf-8"))
    return {suite.rpartition(":")[2] for test in tests for suite in test["suite"]}


def listed_suites():
    """The sections of tests/suites."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string((TOP / "tests/suites").read_text(encoding="utf-8"))
    return set(parser.sections())


class Parts(unittest.TestCase):
    """parts.PARTS"""

    def test_every_part_has_sources(self):
        self.assertEqual([part.name for part in parts.PARTS if not cli.sources(part)], [])

    def test_every_part_has_tests(self):
        self.assertEqual([part.name for part in parts.PARTS if not part.meson and not part.suites], [])

    def test_meson_has_every_suite_that_is_named(self):
        self.assertEqual({suite for part in parts.PARTS for suite in part.meson} - meson_suites(), set())

    def test_meson_has_slow_tests(self):
        self.assertIn("slow", meson_suites())

    def test_every_other_suite_is_listed(self):
        self.assertEqual({suite for part in parts.PARTS for suite in part.suites} - listed_suites(), set())

    def test_part_with_suites_says_what_to_build(self):
        self.assertEqual([part.name for part in parts.PARTS if bool(part.suites) != bool(part.builds or part.targets)],
                         [])

    def test_every_source_of_the_virtual_npu_is_of_one_part(self):
        named = [name for part in parts.PARTS for name in cli.sources(part) if name.startswith("tools/vnpu/")]
        wanted = [name for name in workspace.files("tools/vnpu/*.c") if "/tests/" not in name]
        self.assertEqual(sorted(named), wanted)


class Judges(unittest.TestCase):
    """workspace.Judge, with the commands it would run."""

    def setUp(self):
        self.commands = []
        run = workspace.run
        self.addCleanup(setattr, workspace, "run", run)
        workspace.run = lambda *command, **_: self.commands.append(" ".join(command)) or True

    def test_suites_are_built_for_and_run_one_after_the_other(self):
        judged = workspace.Judge(parts.Part("part", (), suites=("one", "two"), builds=("modules 6.12", "stage")))
        self.assertEqual(judged.noticed("a.c"), "")
        self.assertEqual([command.removeprefix("env PYTHONPATH=tools/dev python3 -m ") for command in self.commands],
                         ["tools/dev/build modules 6.12", "tools/dev/build stage", "checker one", "checker two"])

    def test_targets_of_suites_are_made(self):
        judged = workspace.Judge(parts.Part("part", (), suites=("one",), targets=("some/program",)))
        judged.noticed("a.c")
        self.assertEqual([command.split()[0] for command in self.commands], ["ninja", "env"])


def program(name, suites, seconds=0.0, command=None):
    """A program that is not run."""
    return programs.Program(name, [command or name], {}, ".", [], suites, seconds, seconds)


class Programs(unittest.TestCase):
    """programs: which run, and in what order."""

    def order(self, some, source="a/gemm.c"):
        """The names of programs as they are run."""
        return [one.name for one in programs.ordered(some, ("one", "two"), source)]

    def test_quick_ones_are_not_slow_and_run_once(self):
        some = [program("a", ["one"]), program("b", ["one", "slow"]), program("a-again", ["one"], command="a"),
                program("c", ["two"])]
        self.assertEqual([one.name for one in programs.chosen(some, ("one", "two"), True)], ["a"])
        self.assertEqual([one.name for one in programs.chosen(some, ("one",), False)], ["a", "b", "a-again"])

    def test_namesake_comes_first_then_the_family_then_the_fast(self):
        some = [program("two-fast", ["two"], 1), program("one-slow", ["one"], 3), program("one-fast", ["one"], 2),
                program("one-gemm_values", ["one"], 9), program("one-gemm", ["one"], 10)]
        self.assertEqual(self.order(some), ["one-gemm", "one-gemm_values", "one-fast", "one-slow", "two-fast"])

    def test_long_programs_are_quick_enough_for_their_namesakes_alone(self):
        some = [program("one-gemm", ["one"], 2 * programs.LONG), program("one-conv", ["one"], 2 * programs.LONG)]
        self.assertEqual([one.name for one in programs.ordered(some, ("one",), "gemm.c", True)], ["one-gemm"])

    def test_who_noticed_before_comes_first(self):
        some = [program("one-gemm", ["one"]), program("two-other", ["two"])]
        some[1].noticed.add("a/gemm.c")
        self.assertEqual(self.order(some), ["two-other", "one-gemm"])
        self.assertEqual(self.order(some, "a/conv.c"), ["one-gemm", "two-other"])

    def test_batches_have_every_program_once(self):
        self.assertEqual(list(programs.batches(list(range(9)))), [[0], [1, 2], [3, 4, 5, 6], [7, 8]])

    def test_program_that_fails_or_hangs_does_not_pass(self):
        for text, passes in (("exit 0", True), ("exit 1", False), ("while :; do :; done", False)):
            one = programs.Program("one", ["sh", "-c", text], {}, ".", [], [], seconds=1, processor=-1.8)
            self.assertEqual(one.passes(None), passes)

    def test_one_that_fails_is_found_beside_others(self):
        begun = []

        def made(name, passes):
            one = program(name, ["one"])
            one.passes = lambda log: begun.append(name) or passes
            return one

        good = [made(str(i), True) for i in range(5)]
        self.assertIsNone(programs.first_that_fails(good, None))
        self.assertEqual(sorted(begun), list("01234"))
        bad = made("bad", False)
        self.assertIs(programs.first_that_fails([good[0], bad, *good[1:]], None), bad)


class Candidates(unittest.TestCase):
    """cli.candidates()"""

    def test_only_what_is_meant(self):
        found = cli.candidates(parts.named("smi"), [])
        in_main = [mutant for mutant in found if mutant[0].endswith("main.c")]
        line = in_main[0][1].line
        self.assertEqual(cli.candidates(parts.named("smi"), ["main.c"]), in_main)
        self.assertEqual(cli.candidates(parts.named("smi"), [f"main.c:{line}", "list.c"]),
                         [mutant for mutant in found if mutant[0].endswith("list.c") or
                          (mutant in in_main and mutant[1].line == line)])


if __name__ == "__main__":
    unittest.main()
