# SPDX-License-Identifier: MIT
"""The scripts of tools/dev work on the tree they lie in."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

DEV = Path(__file__).resolve().parents[1]
SCRIPTS = {"vm": "vmrunner", "check": "checker", "bench": "benchmark", "demo": "demonstration"}


class Copy(unittest.TestCase):
    """A copy of the tree inside the build root, as the mutation test makes one."""

    def setUp(self):
        work = tempfile.TemporaryDirectory()
        self.addCleanup(work.cleanup)
        self.dev = Path(work.name) / "copy/tools/dev"
        shutil.copytree(DEV / "lib", self.dev / "lib")
        for name in (*SCRIPTS, "enter"):
            shutil.copy(DEV / name, self.dev / name)

    def test_a_script_of_a_copy_runs_the_package_of_the_copy(self):
        for script, package in SCRIPTS.items():
            (self.dev / package).mkdir()
            (self.dev / package / "__main__.py").write_text("print(__file__)\n", encoding="utf-8")
            done = subprocess.run([self.dev / script], cwd=self.dev.parent, capture_output=True, text=True,
                                  env=os.environ | {"TESSERA_IN_ROOT": "1"}, check=True)
            self.assertEqual(done.stdout, f"{self.dev.resolve() / package / '__main__.py'}\n", script)
