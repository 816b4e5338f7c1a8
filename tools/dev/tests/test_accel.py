# SPDX-License-Identifier: MIT
"""The trial of KVM is made once for each kernel, not at each change of kernel."""

import os
import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

from vmrunner import accel, paths


class Verdict(unittest.TestCase):
    """accel.choose() with a trial that is counted and fails."""

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.enterContext(mock.patch.object(paths, "IMAGES", self.folder))
        self.enterContext(mock.patch.object(os, "access", return_value=True))
        self.enterContext(mock.patch.dict(os.environ, {"TESSERA_ACCEL": "auto"}))
        self.trial = self.enterContext(mock.patch.object(accel, "trial", return_value=False))

    def kernel(self, name):
        """Images with a kernel of that name."""
        path = self.folder / name
        path.write_bytes(b"")
        return SimpleNamespace(kernel=path)

    def test_kernels_that_take_turns_are_tried_once_each(self):
        kernels = [self.kernel("vmlinux-a"), self.kernel("vmlinux-b")]
        for images in kernels * 3:
            self.assertEqual(accel.choose(images), "tcg")
        self.assertEqual(self.trial.call_count, 2)

    def test_a_new_kernel_of_the_same_name_is_tried_again(self):
        images = self.kernel("vmlinux-a")
        accel.choose(images)
        os.utime(images.kernel, ns=(1, 1))
        accel.choose(images)
        self.assertEqual(self.trial.call_count, 2)


if __name__ == "__main__":
    unittest.main()
