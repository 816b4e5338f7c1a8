# SPDX-License-Identifier: MIT
"""The reader of the data set takes good idx files and names what is wrong with bad ones."""

import contextlib
import gzip
import os
import pathlib
import struct
import tempfile
import unittest
from unittest import mock

import numpy

import dataset


def idx(array, element=0x08):
    """Return `array` as the content of an idx file."""
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, element, array.ndim, *array.shape)
    return header + array.tobytes()


class ParseIdx(unittest.TestCase):
    def test_returns_the_elements_in_their_shape(self):
        array = numpy.arange(24, dtype=numpy.uint8).reshape(2, 3, 4)
        numpy.testing.assert_array_equal(dataset.parse_idx(idx(array), "a"), array)

    def test_refuses_every_truncation(self):
        data = idx(numpy.arange(24, dtype=numpy.uint8).reshape(2, 3, 4))
        for length in range(len(data)):
            with self.subTest(length=length), self.assertRaises(dataset.DatasetError):
                dataset.parse_idx(data[:length], "a")

    def test_refuses_bytes_after_the_last_element(self):
        with self.assertRaisesRegex(dataset.DatasetError, "holds 5 elements, its header says 4"):
            dataset.parse_idx(idx(numpy.zeros(4, numpy.uint8)) + b"\0", "a")

    def test_refuses_another_element_type(self):
        with self.assertRaisesRegex(dataset.DatasetError, "0x0d"):
            dataset.parse_idx(idx(numpy.zeros(4, numpy.uint8), element=0x0d), "a")

    def test_refuses_another_kind_of_file(self):
        with self.assertRaisesRegex(dataset.DatasetError, "not an idx file"):
            dataset.parse_idx(b"\x7fELF" + bytes(60), "a")

    def test_does_not_overflow_on_a_huge_header(self):
        data = struct.pack(">BBBB4I", 0, 0, 8, 4, *([0x10000] * 4))
        with self.assertRaisesRegex(dataset.DatasetError, str(1 << 64)):
            dataset.parse_idx(data, "a")


class Folder(unittest.TestCase):
    def setUp(self):
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        self.folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stack.enter_context(mock.patch.dict(os.environ, TESSERA_FASHION_MNIST=str(self.folder)))

    def write(self, name, array):
        (self.folder / f"{name}.gz").write_bytes(gzip.compress(idx(array)))

    def test_reads_pictures_and_labels(self):
        pictures = numpy.arange(2 * 28 * 28).astype(numpy.uint8).reshape(2, 28, 28)
        self.write("t10k-images-idx3-ubyte", pictures)
        self.write("t10k-labels-idx1-ubyte", numpy.array([9, 0], numpy.uint8))
        numpy.testing.assert_array_equal(dataset.test_pictures(), pictures)
        self.assertEqual(dataset.test_labels().tolist(), [9, 0])

    def test_names_the_package_when_a_file_is_missing(self):
        with self.assertRaisesRegex(dataset.DatasetError, "install the package dataset-fashion"):
            dataset.training_pictures()

    def test_refuses_a_file_that_is_not_compressed(self):
        (self.folder / "train-labels-idx1-ubyte.gz").write_bytes(idx(numpy.zeros(4, numpy.uint8)))
        with self.assertRaises(dataset.DatasetError):
            dataset.training_labels()

    def test_refuses_a_label_outside_the_classes(self):
        self.write("train-labels-idx1-ubyte", numpy.array([10], numpy.uint8))
        with self.assertRaisesRegex(dataset.DatasetError, "from 0 to 9"):
            dataset.training_labels()

    def test_refuses_pictures_of_another_size(self):
        self.write("train-images-idx3-ubyte", numpy.zeros((1, 32, 32), numpy.uint8))
        with self.assertRaisesRegex(dataset.DatasetError, "28 x 28"):
            dataset.training_pictures()


class InstalledDataset(unittest.TestCase):
    def test_has_the_published_number_of_pictures_per_class(self):
        self.assertEqual(dataset.training_pictures().shape, (60000, 28, 28))
        self.assertEqual(dataset.test_pictures().shape, (10000, 28, 28))
        self.assertEqual(numpy.bincount(dataset.training_labels()).tolist(), [6000] * 10)
        self.assertEqual(numpy.bincount(dataset.test_labels()).tolist(), [1000] * 10)


class NetworkInput(unittest.TestCase):
    def test_keeps_pixel_values_and_adds_the_channel(self):
        pictures = numpy.arange(4, dtype=numpy.uint8).reshape(1, 2, 2)
        image = dataset.network_input(pictures)
        self.assertEqual((image.shape, image.dtype), ((1, 1, 2, 2), numpy.float32))
        self.assertEqual(image.ravel().tolist(), [0, 1, 2, 3])


if __name__ == "__main__":
    unittest.main()
