# SPDX-License-Identifier: MIT
"""The device's cycles are a property of the jobs: not of the run, nor of the host's load."""

import contextlib
import subprocess
import sys
import unittest

from demo.shared import guest, host, numpy, places

PICTURES = 1000
# Ends with the pipe to this test, should it be killed.
BUSY = "import select\nwhile not select.select([0], [], [], 0)[0]: pass"
BUSY_LOOPS = 2


@contextlib.contextmanager
def busy_host():
    """Something else keeps the processors busy."""
    loops = []
    try:
        for _ in range(BUSY_LOOPS):
            loops.append(subprocess.Popen([sys.executable, "-c", BUSY], stdin=subprocess.PIPE))
        yield loops
    finally:
        for loop in loops:
            loop.kill()
            loop.communicate()


class TwoRuns(unittest.TestCase):
    """One run on the host as it is, one with busy loops beside it."""

    @classmethod
    def setUpClass(cls):
        host.prepare()
        folder = places.FOLDER / "determinism"
        cls.first = guest.classify(folder, PICTURES, "edge", "determinism")
        with busy_host() as loops:
            cls.second = guest.classify(folder, PICTURES, "edge", "determinism-busy")
            cls.busy_to_the_end = all(loop.poll() is None for loop in loops)

    def same(self, attribute):
        """A figure of both runs, in both precisions."""
        for precision in guest.PRECISIONS:
            with self.subTest(precision):
                self.assertEqual(getattr(self.first[precision], attribute), getattr(self.second[precision], attribute))

    def test_host_was_busy_during_the_second_run(self):
        self.assertTrue(self.busy_to_the_end)

    def test_device_cycles_are_the_same_number(self):
        self.same("cycles")

    def test_multiply_accumulates_are_the_same_number(self):
        for precision in guest.PRECISIONS:
            counted = {run[precision].counted["macs"] for run in (self.first, self.second)}
            self.assertEqual(counted, {PICTURES * host.macs_per_picture()})

    def test_logits_are_the_same_bits(self):
        for precision in guest.PRECISIONS:
            bits = [run[precision].logits.view(numpy.uint32) for run in (self.first, self.second)]
            self.assertTrue(numpy.array_equal(*bits))


if __name__ == "__main__":
    unittest.main()
