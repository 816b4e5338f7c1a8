# SPDX-License-Identifier: MIT
"""What tessera-smi says of boards that are healthy, lost, unbound, forbidden, or not there at all."""

import json
import shutil
import tempfile
import unittest
from pathlib import Path

from smi.guest import TOP, Output, boot

NPU = ["--npu", "edge", "--npu", "edge", "--npu", "edge,may-die,host-control"]


class States(unittest.TestCase):
    """One guest for all tests."""

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="smi", dir="/tmp"))
        shutil.copy(TOP / "tests/smi/states", cls.folder / "states")
        shutil.copy(TOP / "models/fashion_mnist_fp32.onnx", cls.folder / "model.onnx")
        shutil.copy(TOP / "examples/facts.json", cls.folder / "facts.json")
        boot(cls.folder, NPU, "/share/states")

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def out(self, name):
        """A call of the script."""
        return Output(self.folder, name)

    def test_healthy_boards_are_healthy(self):
        self.assertEqual(self.out("healthy-list").states(), ["healthy"] * 3)
        self.assertEqual(self.out("healthy-list").status, 0)
        self.assertEqual([device["name"] for device in self.out("healthy-show").devices()], ["Tessera Edge"] * 3)
        self.assertEqual(len(self.out("healthy-compliance").devices()), 3)
        self.assertEqual(self.out("healthy-table").text.count("healthy"), 3)
        self.assertIn("State              healthy", self.out("healthy-text").text)

    def test_board_without_driver_is_listed_with_what_to_do(self):
        listed = self.out("unloaded-list")
        self.assertEqual((listed.status, listed.states()), (0, ["no-driver"] * 3))
        self.assertIn("modprobe tessera", listed.devices()[0]["reason"])
        shown = self.out("unloaded-show")
        self.assertEqual((shown.status, shown.states()), (9, ["no-driver"] * 3))
        self.assertIn("modprobe tessera", shown.errors)

    def test_unbound_board_hides_no_other(self):
        shown = self.out("unbound-show")
        self.assertEqual((shown.status, sorted(shown.states())), (9, ["healthy", "healthy", "no-driver"]))
        self.assertEqual(sum("name" in device for device in shown.devices()), 2)
        reports = self.out("unbound-compliance")
        self.assertEqual((reports.status, sum("error" in report for report in reports.devices())), (9, 1))
        alone = self.out("unbound-by-bus")
        self.assertEqual((alone.status, alone.states()), (9, ["no-driver"]))

    def test_lost_board_is_lost_and_hides_no_other(self):
        shown = self.out("lost-show")
        self.assertEqual((shown.status, sorted(shown.states())), (9, ["healthy", "lost", "no-driver"]))
        self.assertEqual(sorted(self.out("lost-list").states()), ["healthy", "lost", "no-driver"])
        self.assertEqual(sum("error" in report for report in self.out("lost-compliance").devices()), 2)

    def test_forbidden_board_says_so(self):
        self.assertEqual(self.out("forbidden-list").states(), ["no-permission"] * 3)
        shown = self.out("forbidden-show")
        self.assertEqual((shown.status, shown.states()), (4, ["no-permission"] * 3))
        self.assertIn("render", shown.errors)

    def test_node_of_another_device_is_not_believed(self):
        self.assertEqual(sorted(self.out("stale-list").states()), ["healthy", "healthy", "lost"])
        self.assertIn("leads to another device", self.out("stale-show").errors)

    def test_works_without_sys(self):
        self.assertEqual(self.out("without-sys-list").states(), ["healthy"] * 3)
        self.assertEqual(self.out("without-sys-show").status, 0)

    def test_full_disk_is_an_error(self):
        for name, status in (("list", 255), ("show", 255), ("compliance", 255), ("engine", 2)):
            with self.subTest(name):
                self.assertEqual(self.out(f"full-{name}").status, status)
                self.assertIn("No space left", self.out(f"full-{name}").errors)

    def test_selectors(self):
        second = self.out("healthy-show").devices()[1]
        for name in ("by-bus", "by-serial"):
            with self.subTest(name):
                self.assertEqual(self.out(name).devices(), [second])
        self.assertEqual(self.out("by-nothing").status, 6)
        self.assertEqual(self.out("by-nonsense").status, 2)

    def test_tessera_run_takes_selectors(self):
        self.assertIn("accel1", json.loads(self.out("run-by-bus").text)["device"])
        self.assertIn("accel1", json.loads(self.out("run-visible").text)["device"])
        self.assertIn("hidden", self.out("run-hidden").errors + self.out("run-hidden").text)
        self.assertEqual((self.out("run-hidden").status, self.out("run-none").status), (5, 5))

    def test_json_is_whole_on_errors(self):
        for name in ("rules", "by-nothing"):
            with self.subTest(name):
                self.assertNotEqual(self.out(name).status, 0)
                self.assertEqual(json.loads(self.out(name).text)["schema"], 1)


class NoBoard(unittest.TestCase):
    """A machine without an NPU."""

    def test_no_npu_is_told_from_no_driver(self):
        folder = Path(tempfile.mkdtemp(prefix="smi", dir="/tmp"))
        try:
            boot(folder, [], "cd /share; for c in list show; do tessera-smi $c --json >$c.out 2>$c.err; "
                             "echo $? >$c.status; done")
            listed, shown = Output(folder, "list"), Output(folder, "show")
        finally:
            shutil.rmtree(folder)
        self.assertEqual((listed.status, listed.devices()), (0, []))
        self.assertEqual((shown.status, shown.devices()), (9, []))
        self.assertIn("no Tessera NPU in this machine", shown.errors)
        self.assertNotIn("modprobe", shown.errors)


if __name__ == "__main__":
    unittest.main()
