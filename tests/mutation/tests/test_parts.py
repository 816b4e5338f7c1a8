# SPDX-License-Identifier: MIT
"""What the parts name is there: sources, meson's suites, suites of tests/suites."""

import configparser
import json
import unittest

from mutation import cli, parts, workspace

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
        self.assertEqual([part.name for part in parts.PARTS if bool(part.suites) != bool(part.builds)], [])


class Judges(unittest.TestCase):
    """workspace.Judge, with the commands it would run."""

    def setUp(self):
        self.commands = []
        run = workspace.run
        self.addCleanup(setattr, workspace, "run", run)
        workspace.run = lambda *command, **_: self.commands.append(" ".join(command)) or True

    def test_suites_are_built_for_and_run_one_after_the_other(self):
        judged = workspace.Judge(parts.Part("part", (), suites=("one", "two"), builds=("modules 6.12", "stage")))
        self.assertTrue(judged.build() and judged.good())
        self.assertEqual([command.removeprefix("env PYTHONPATH=tools/dev python3 -m ") for command in self.commands],
                         ["tools/dev/build modules 6.12", "tools/dev/build stage", "checker one", "checker two"])

    def test_programs_come_before_suites(self):
        judged = workspace.Judge(parts.Part("part", (), ("one",), suites=("two",), builds=("stage",)))
        self.assertTrue(judged.build() and judged.good())
        self.assertEqual([command.split()[0] for command in self.commands], ["ninja", "tools/dev/build", "meson", "env"])

    def test_quick_leaves_out_the_slow_tests(self):
        part = parts.Part("part", (), meson=("one",))
        workspace.Judge(part).good()
        workspace.Judge(part, quick=True).good()
        self.assertEqual(["--no-suite slow" in command for command in self.commands], [False, True])
        self.assertTrue(all("--suite one" in command for command in self.commands))


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
