# SPDX-License-Identifier: MIT
"""The VM runner's parts that need no guest."""

import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

from vmrunner import image, qemu, stamp, tsc
from vmrunner.npu import Npu, NpuOption, classes, npu_options
from vmrunner.session import KernelLog, LineBuffer
from vmrunner.status import RunError


class Options(unittest.TestCase):
    """--npu"""

    def test_runner_keys_are_kept_and_others_passed_on(self):
        option = NpuOption("edge,state=file,may-die,seed=3,trace")
        self.assertEqual((option.sku, option.state, option.may_die), ("edge", "file", True))
        self.assertEqual(option.arguments(), ["--seed=3", "--trace"])

    def test_the_guest_gets_the_socket_of_tests_unless_the_option_says_another(self):
        for text, role, socket in (("edge", "--test-control", "npu0.control"), ("edge,guest-control", "--guest-control", "npu0.control"),
                                   ("edge,host-control", "--control", "npu0.host")):
            unit = Npu(0, NpuOption(text), Path("vnpu"), Path("/s"))
            self.assertEqual(unit.control, Path("/s") / socket)
            self.assertEqual(unit.command[unit.command.index("--control") + 1], "/s/npu0.host")
            self.assertEqual(unit.command[unit.command.index(role) + 1], f"/s/{socket}")
            self.assertEqual({"--guest-control", "--test-control"} & set(unit.command), {role} - {"--control"})
            self.assertNotIn("--host-control", unit.command)

    def test_unknown_sku_is_refused(self):
        with self.assertRaises(RunError):
            NpuOption("no-such-sku").sku_file()

    def test_every_is_one_of_each_class(self):
        found = npu_options("every,seed=3")
        self.assertEqual([option.sku_file() for option in found], classes())
        self.assertEqual({tuple(option.arguments()) for option in found}, {("--seed=3",)})
        self.assertGreater(len(found), 1)


class PayloadName(unittest.TestCase):
    """image.payload_name()"""

    def test_a_link_made_anew_is_the_same_payload(self):
        with tempfile.TemporaryDirectory() as name:
            link = Path(name) / "lib.so"
            link.symlink_to("lib.so.0")
            before = image.payload_name(Path(name))
            link.unlink()
            link.symlink_to("lib.so.0")
            self.assertEqual(image.payload_name(Path(name)), before)

    def test_a_changed_file_is_another_payload(self):
        with tempfile.TemporaryDirectory() as name:
            file = Path(name) / "tool"
            file.write_text("old", encoding="ascii")
            before = image.payload_name(Path(name))
            file.write_text("newer", encoding="ascii")
            self.assertNotEqual(image.payload_name(Path(name)), before)


class TimeStampCounter(unittest.TestCase):
    """tsc.frequency_khz()"""

    def test_frequency_is_half_of_bogomips(self):
        self.assertEqual(tsc.frequency_khz("flags\t: fpu constant_tsc\nbogomips\t: 5192.26\n"), 2596130)

    def test_a_counter_that_changes_its_pace_has_none(self):
        self.assertIsNone(tsc.frequency_khz("flags\t: fpu tsc\nbogomips\t: 5192.26\n"))

    def test_a_known_frequency_gives_the_loops_of_a_tick(self):
        with tempfile.NamedTemporaryFile("w", encoding="ascii") as file:
            file.write("flags\t: fpu constant_tsc\nbogomips\t: 5192.26\n")
            file.flush()
            with mock.patch.object(tsc, "CPUINFO", Path(file.name)):
                self.assertEqual(tsc.kernel_arguments(), ["tsc_early_khz=2596130", "lpj=10384520"])


class CommandLine(unittest.TestCase):
    """qemu.command()"""

    def command(self, **changes):
        options = SimpleNamespace(icount=False, smp=2, memory="1G", iommu=False, share=None, debug=False,
                                  unload=True, allow_reboot=False, append=["extra=1"], port=[])
        vars(options).update(changes)
        images = SimpleNamespace(kernel="k", initramfs="i", root="r", payload="p")
        sockets = {name: f"/s/{name}" for name in qemu.PORTS}
        unit = SimpleNamespace(index=0, socket="/s/npu0", control="/s/npu0.control")
        return " ".join(qemu.command(options, "tcg", images, [unit], sockets))

    def test_guest_memory_is_shared(self):
        self.assertIn("memory-backend-memfd,id=mem,size=1G,share=on", self.command())

    def test_linux_patches_its_code_while_one_cpu_runs(self):
        self.assertIn("-smp 2 ", self.command())
        self.assertIn(" maxcpus=1 noreplace-smp", self.command())

    def test_an_emulated_guest_has_page_tables_of_four_levels(self):
        self.assertIn("-accel tcg,thread=multi -cpu max,la57=off", self.command())

    def test_no_periodic_timers_are_emulated_for_a_kernel_that_is_told_its_frequency(self):
        self.enterContext(mock.patch.object(tsc, "frequency_khz", return_value=2596130))
        self.assertIn("-M q35,memory-backend=mem,pit=off,hpet=off -object", self.command())
        self.assertNotIn("pit=off", self.command(icount=True, smp=1))

    def test_a_kernel_that_measures_its_frequency_has_timers(self):
        self.enterContext(mock.patch.object(tsc, "frequency_khz", return_value=None))
        self.assertNotIn("pit=off", self.command())

    def test_no_jitter_is_measured_while_it_boots(self):
        self.assertIn(" initcall_blacklist=jent_mod_init", self.command())

    def test_a_device_that_does_not_run_for_minutes_is_not_taken_for_gone(self):
        self.assertIn('"x-msg-timeout": 600000}', self.command())

    def test_counting_instructions_takes_one_thread(self):
        command = self.command(icount=True, smp=1)
        self.assertIn("tcg,thread=single -icount shift=0", command)
        self.assertNotIn("sleep=off", command)

    def test_reboot_ends_the_run_unless_allowed(self):
        self.assertIn("-no-reboot", self.command())
        self.assertNotIn("-no-reboot", self.command(allow_reboot=True))

    def test_a_port_of_the_caller_leads_to_its_socket(self):
        command = self.command(port=["bench=/s/bench"])
        self.assertIn("socket,id=caller0,path=/s/bench", command)
        self.assertIn("virtserialport,chardev=caller0,name=bench", command)

    def test_kernel_arguments_of_the_caller_come_last(self):
        self.assertTrue(self.command().endswith("extra=1"))


class Streams(unittest.TestCase):
    """What comes out of the guest"""

    def test_lines_are_joined_across_reads(self):
        buffer = LineBuffer()
        self.assertEqual(buffer.feed(b"one\r\ntw"), ["one"])
        self.assertEqual(buffer.feed(b"o\n"), ["two"])

    def test_complaint_is_quoted_with_what_follows(self):
        with tempfile.TemporaryFile("w") as file:
            log = KernelLog(file)
            for line in ("fine", "WARNING: CPU: 0 PID: 1 at x", "Call Trace:"):
                log.add("kernel", line)
        self.assertEqual(log.complaints, ["WARNING: CPU: 0 PID: 1 at x"])
        self.assertNotIn("fine", log.quote())
        self.assertIn("Call Trace:", log.quote())


class Images(unittest.TestCase):
    """stamp.ensure()"""

    def test_made_again_only_for_other_inputs(self):
        made = []
        with tempfile.TemporaryDirectory() as folder:
            def make(path):
                made.append(path)
                path.write_text("x")

            for name in ("a", "a", "b"):
                stamp.ensure(Path(folder) / "image", name, make)
        self.assertEqual(len(made), 2)


if __name__ == "__main__":
    unittest.main()
