# SPDX-License-Identifier: MIT
"""The patches: what they say of themselves, and that they apply to the driver as it is."""

import tempfile
import unittest
from pathlib import Path

from careless import driver, module, run


class Patches(unittest.TestCase):
    """Every careless driver."""

    def test_each_names_a_suite_of_guests(self):
        for one in driver.every():
            with self.subTest(one.name):
                self.assertEqual(run.suite_of(one).where, "guest")

    def test_each_applies_as_it_is(self):
        for one in driver.every():
            with self.subTest(one.name):
                folder = module.patched(one)
                for name in one.files():
                    self.assertNotEqual((folder / name).read_bytes(), (module.TOP / name).read_bytes())

    def test_each_breaks_a_sentence_of_its_own(self):
        drivers = driver.every()
        self.assertGreaterEqual(len(drivers), 20)
        self.assertEqual(len({one.breaks for one in drivers}), len(drivers))


class Header(unittest.TestCase):
    """driver.parse()"""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name, "a-driver.patch")

    def parse(self, text):
        self.path.write_text(text, encoding="utf-8")
        return driver.parse(self.path)

    def test_lines_go_on(self):
        one = self.parse("Breaks: 8, a\n sentence\nSuite: x\nKind: passes\n\n--- a/kernel/y.c\n+++ b/kernel/y.c\n")
        self.assertEqual((one.name, one.breaks, one.suite, one.kind), ("a-driver", "8, a sentence", "x", "passes"))
        self.assertEqual(one.files(), ["kernel/y.c"])

    def test_mistakes_are_refused(self):
        for text in ("Suite: x\nKind: passes\n", "Breaks: a\nSuite: x\nKind: often\n",
                     "Breaks: a\nSuite: x\nKind: fails\nColour: red\n"):
            with self.subTest(text), self.assertRaises(ValueError):
                self.parse(text)

    def test_a_patch_that_does_not_apply_is_an_error(self):
        one = self.parse("Breaks: a\nSuite: x\nKind: fails\n\n--- a/kernel/Kbuild\n+++ b/kernel/Kbuild\n"
                         "@@ -1,1 +1,1 @@\n-what was there once\n+another\n")
        with self.assertRaises(module.BuildError):
            module.patched(one)


class Devices(unittest.TestCase):
    """run.devices()"""

    def test_all_virtual_npus_are_of_the_mode(self):
        options = ["--npu", "dc,unkind", "--npu", "edge", "--memory", "2G"]
        self.assertEqual(run.devices(options, True),
                         ["--npu", "dc,unkind", "--npu", "edge,unkind", "--memory", "2G"])
        self.assertEqual(run.devices(options, False), ["--npu", "dc", "--npu", "edge", "--memory", "2G"])


if __name__ == "__main__":
    unittest.main()
