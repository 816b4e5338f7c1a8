# SPDX-License-Identifier: MIT
"""The benchmark's driver, without guest and oneDNN."""

import argparse
import contextlib
import io
import json
import unittest
from unittest import mock

from benchmark import cli, guest, pairs
from checker import metrics


class Rounds(unittest.TestCase):
    """pairs"""

    def test_a_round_asks_with_its_seed_and_takes_the_time(self):
        requests = io.StringIO()
        self.assertEqual(pairs.Peer("host", requests, io.StringIO("1500\n")).round(7), 1500)
        self.assertEqual(requests.getvalue(), "round 7\n")

    def test_a_peer_that_ends_or_complains_gives_no_figure(self):
        for answer in ("", "product 3 is wrong\n"):
            with self.assertRaises(guest.Failed):
                pairs.Peer("guest", io.StringIO(), io.StringIO(answer)).round(1)

    def test_the_figure_is_the_median_of_the_pairs(self):
        self.assertEqual(pairs.Result("", [1.2, 9.0, 1.1], [], []).ratio(), 1.2)

    def test_a_host_that_hides_its_caches_is_told_of(self):
        self.assertIn("hides the caches", str(pairs.ended("conv", -8)))
        self.assertIsInstance(pairs.ended("conv", -8), guest.LeftOut)
        self.assertIn("status 1", str(pairs.ended("conv", 1)))
        self.assertNotIsInstance(pairs.ended("conv", 1), guest.LeftOut)


class CommandLine(unittest.TestCase):
    """guest, cli"""

    def run_beside(self, error):
        """A run of two measurements, of which one raises; status, what was said, what was written."""
        def fails(_):
            raise error

        figure = metrics.figure("x", 1.0, "ns")
        table = {"bad": ("bad", fails), "good": ("good", lambda options: [figure])}
        with mock.patch.object(cli, "MEASUREMENTS", table), mock.patch.object(cli, "REPORT") as report, \
                contextlib.redirect_stderr(io.StringIO()) as errors, contextlib.redirect_stdout(io.StringIO()) as out:
            status = cli.run(argparse.Namespace(measurement=[]))
        self.assertIn("x ", out.getvalue())
        written = [json.loads(call.args[0]) for call in report.write_text.mock_calls]
        return status, errors.getvalue(), written

    def test_a_measurement_that_fails_leaves_the_rest_and_no_report(self):
        status, said, written = self.run_beside(guest.Failed("no"))
        self.assertEqual((status, written), (1, []))
        self.assertIn("error: no", said)

    def test_what_the_host_cannot_give_is_named_in_the_report(self):
        status, said, written = self.run_beside(guest.LeftOut("caches"))
        self.assertEqual(status, 0)
        self.assertIn("left out: caches", said)
        self.assertEqual(written[0]["left_out"], {"bad": "caches"})
        self.assertEqual([entry["name"] for entry in written[0]["metrics"]], ["x"])

    def test_both_sides_take_the_same_instructions_at_most(self):
        for arguments, isa in (([], cli.MAX_ISA), (["--max-isa", "AVX2"], "AVX2")):
            with mock.patch.dict(cli.os.environ), mock.patch.object(cli, "run") as run, \
                    mock.patch.object(cli.signal, "signal"):
                cli.main([*arguments, "gemm"])
                self.assertEqual(cli.os.environ["ONEDNN_MAX_CPU_ISA"], isa)
                self.assertEqual(pairs.bound()["ONEDNN_MAX_CPU_ISA"], isa)
            self.assertEqual(run.call_args.args[0].measurement, ["gemm"])

    def test_an_unknown_instruction_set_is_no_bound_and_refused(self):
        with contextlib.redirect_stderr(io.StringIO()) as errors, mock.patch.object(cli.signal, "signal"), \
                self.assertRaises(SystemExit):
            cli.main(["--max-isa", "AVX3", "gemm"])
        self.assertIn("AVX3", errors.getvalue())

    def test_the_module_is_loaded_before_the_program(self):
        self.assertEqual(guest.command("x", 60, ["--icount"], "prog arg")[-1],
                         "load-module && exec /opt/tessera/tests/bench/prog arg")

    def test_a_round_has_the_work_that_the_programs_have(self):
        source = (guest.paths.TOP / "tests/bench/matrix.c").read_text(encoding="utf-8")
        self.assertIn("#define WORK\t(32ull << 30)\n", source)
        self.assertEqual(cli.WORK, 32 << 30)


if __name__ == "__main__":
    unittest.main()
