# SPDX-License-Identifier: MIT
"""The demo's judgement, without a guest."""

import sys
import unittest
from pathlib import Path
from types import SimpleNamespace

TOP = Path(__file__).resolve().parents[3]
sys.path += [str(TOP / "training"), str(TOP / "training/int8_oracle")]

import dataset  # noqa: E402
import numpy  # noqa: E402
from demonstration import figures, guest, host, sheet  # noqa: E402

MACS = 1000


def right_logits():
    """Logits that are right for every picture."""
    return numpy.eye(len(dataset.CLASSES), dtype=numpy.float32)[dataset.test_labels()]


def run(precision, logits, macs=None, cycles=10**9):
    """A guest's run as the demo sees it."""
    counted = {"macs": MACS * len(logits) if macs is None else macs}
    return SimpleNamespace(precision=precision, logits=logits, counted=counted,
                           clock_hz=1e9, peak_tops=6.144, cycles=cycles, seconds=2.0)


def failing(found):
    """Names of the figures that miss their limits."""
    return {figure["name"] for figure in found if not figure["holds"]}


class Judgement(unittest.TestCase):
    """figures"""

    def evidence(self, fp16, int8):
        right = right_logits()
        logits = {"reference_fp32": right, "reference_int8": right, "oracle": right, "npu_fp16": fp16, "npu_int8": int8}
        return figures.Evidence(logits, {})

    def with_errors(self, count):
        logits = right_logits()
        logits[:count] = -logits[:count]
        return logits

    def test_right_results_hold(self):
        evidence = self.evidence(right_logits() + numpy.float32(1e-6), right_logits())
        self.assertEqual(failing(figures.accuracies(evidence) + figures.comparisons(evidence)), set())

    def test_a_loss_beyond_the_limits_shows(self):
        evidence = self.evidence(self.with_errors(11), self.with_errors(101))
        self.assertEqual(failing(figures.accuracies(evidence)), {"accuracy_npu_fp16", "accuracy_npu_int8"})

    def test_fp16_that_equals_fp32_shows(self):
        evidence = self.evidence(right_logits(), right_logits())
        self.assertEqual(failing(figures.comparisons(evidence)), {"logits_fp16_unlike_fp32"})

    def test_one_flipped_bit_of_an_int8_logit_shows(self):
        flipped = right_logits()
        flipped.view(numpy.uint32)[4321, 7] ^= 1
        self.assertEqual(figures.differences(flipped, right_logits()), 1)

    def test_logits_of_another_shape_all_differ(self):
        self.assertEqual(figures.differences(right_logits()[:9], right_logits()), 100000)

    def test_one_mac_too_many_or_too_few_shows(self):
        logits = right_logits()
        for off in (-1, 1):
            bad = run("int8", logits, macs=MACS * len(logits) + off)
            self.assertIn("macs_off_int8", failing(figures.of_run(bad, MACS * len(logits))))

    def test_faster_than_the_array_can_be_shows(self):
        logits = right_logits()
        bad = run("int8", logits, cycles=MACS * len(logits) // 3072 - 1)
        self.assertEqual(failing(figures.of_run(bad, MACS * len(logits))),
                         {"device_cycles_int8", "achieved_tops_int8"})

    def test_macs_are_counted_from_the_model(self):
        self.assertEqual(host.macs_per_picture(), 7338880)


class Display(unittest.TestCase):
    """sheet, guest"""

    def test_letters_show_dark_and_bright(self):
        picture = numpy.zeros((28, 28), numpy.uint8)
        picture[:, 14:] = 255
        self.assertEqual(sheet.letters(picture), [" " * 7 + "@" * 7] * 7)

    def test_a_wrong_picture_names_both_classes(self):
        text = "".join(sheet.terminal_captions(5, 9))
        self.assertIn("Sandal", text)
        self.assertIn("Ankle boot", text)

    def test_step_lines_move_on_and_others_are_kept(self):
        progress = guest.Progress("first")
        progress.follow(["step second\n", "something else\n"])
        self.assertEqual(progress.lines, ["something else"])


if __name__ == "__main__":
    unittest.main()
