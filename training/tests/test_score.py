# SPDX-License-Identifier: MIT
"""Scores count what they say, and logits that cannot be scored are refused."""

import pathlib
import tempfile
import unittest

import numpy

import dataset
import score


def logits_choosing(classes):
    """Return logits whose largest entry in each row is the one given."""
    return numpy.eye(len(dataset.CLASSES), dtype=numpy.float32)[classes]


class Score(unittest.TestCase):
    def test_the_labels_themselves_score_all(self):
        result = score.score(logits_choosing(dataset.test_labels()))
        self.assertEqual(result["accuracy"], 100)
        self.assertEqual(set(result["class_accuracy"].values()), {100})

    def test_one_wrong_picture_costs_a_hundredth_of_a_percent(self):
        chosen = dataset.test_labels().copy()
        wrong = int(numpy.flatnonzero(chosen == 6)[0])
        chosen[wrong] = 0
        result = score.score(logits_choosing(chosen))
        self.assertAlmostEqual(result["accuracy"], 99.99)
        self.assertAlmostEqual(result["class_accuracy"]["Shirt"], 99.9)
        self.assertEqual(result["class_chosen"]["T-shirt/top"], 1001)

    def test_a_constant_answer_scores_one_class(self):
        result = score.score(logits_choosing(numpy.zeros(10000, int)))
        self.assertEqual(result["accuracy"], 10)
        self.assertEqual(result["class_chosen"]["T-shirt/top"], 10000)


class LoadLogits(unittest.TestCase):
    def load(self, logits):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "logits.npy"
            numpy.save(path, logits)
            return score.load_logits(path)

    def test_returns_what_was_saved(self):
        logits = logits_choosing(dataset.test_labels())
        numpy.testing.assert_array_equal(self.load(logits), logits)

    def test_refuses_a_missing_picture(self):
        with self.assertRaisesRegex(ValueError, r"\(9999, 10\), expected \(10000, 10\)"):
            self.load(numpy.zeros((9999, 10), numpy.float32))

    def test_refuses_what_is_not_finite(self):
        with self.assertRaisesRegex(ValueError, "not finite"):
            self.load(numpy.full((10000, 10), numpy.nan, numpy.float32))


if __name__ == "__main__":
    unittest.main()
