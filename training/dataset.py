# SPDX-License-Identifier: MIT
"""Reader for Fashion-MNIST as Debian's package dataset-fashion-mnist installs it.

Run as a program it writes the 10,000 test pictures, without their labels, as one .npy file:
unsigned bytes of shape (10000, 1, 28, 28), 0 is background and 255 the brightest cloth.
"""

import argparse
import gzip
import os
import pathlib
import struct
import sys

import numpy

CLASSES = (
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
    "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
)
PICTURE_SIDE = 28

_DEFAULT_FOLDER = "/usr/share/datasets/fashion-mnist"
_FOLDER_VARIABLE = "TESSERA_FASHION_MNIST"
_IDX_UNSIGNED_BYTE = 0x08


class DatasetError(Exception):
    """The data set is absent or a file of it is not what it should be."""


def folder():
    """Return the folder holding the four idx files."""
    return pathlib.Path(os.environ.get(_FOLDER_VARIABLE, _DEFAULT_FOLDER))


def parse_idx(data, origin):
    """Return the array of unsigned bytes held by `data`, the content of an idx file.

    `origin` names the file in errors. The format: two zero bytes, the element type, the number
    of dimensions, one big-endian 32-bit size per dimension, then the elements.
    """
    if len(data) < 4 or data[:2] != b"\0\0":
        raise DatasetError(f"{origin}: not an idx file")
    element, rank = data[2], data[3]
    if element != _IDX_UNSIGNED_BYTE:
        raise DatasetError(f"{origin}: element type {element:#04x}, expected unsigned bytes (0x08)")
    start = 4 + 4 * rank
    if rank == 0 or len(data) < start:
        raise DatasetError(f"{origin}: header cut short")
    shape = struct.unpack(f">{rank}I", data[4:start])
    expected = int(numpy.prod(shape, dtype=object))
    if len(data) - start != expected:
        raise DatasetError(
            f"{origin}: holds {len(data) - start} elements, its header says {expected}")
    return numpy.frombuffer(data, numpy.uint8, offset=start).reshape(shape)


def read_idx(path):
    """Return the array of unsigned bytes in the gzip-compressed idx file `path`."""
    try:
        with gzip.open(path) as stream:
            data = stream.read()
    except FileNotFoundError as error:
        raise DatasetError(
            f"{path}: no such file; install the package dataset-fashion-mnist or set "
            f"{_FOLDER_VARIABLE} to the folder holding the idx files") from error
    except (gzip.BadGzipFile, EOFError) as error:
        raise DatasetError(f"{path}: {error}; reinstall dataset-fashion-mnist") from error
    return parse_idx(data, path)


def _pictures(stem):
    path = folder() / f"{stem}-images-idx3-ubyte.gz"
    pictures = read_idx(path)
    if pictures.shape[1:] != (PICTURE_SIDE, PICTURE_SIDE):
        raise DatasetError(f"{path}: shape {pictures.shape}, expected pictures of 28 x 28")
    return pictures


def _labels(stem):
    path = folder() / f"{stem}-labels-idx1-ubyte.gz"
    labels = read_idx(path)
    if labels.ndim != 1 or labels.max(initial=0) >= len(CLASSES):
        raise DatasetError(f"{path}: expected one label from 0 to {len(CLASSES) - 1} per picture")
    return labels


def training_pictures():
    """Return the training pictures: unsigned bytes, shape (60000, 28, 28)."""
    return _pictures("train")


def training_labels():
    """Return the class numbers of the training pictures: unsigned bytes, shape (60000,)."""
    return _labels("train")


def test_pictures():
    """Return the test pictures: unsigned bytes, shape (10000, 28, 28)."""
    return _pictures("t10k")


def test_labels():
    """Return the class numbers of the test pictures: unsigned bytes, shape (10000,)."""
    return _labels("t10k")


def network_input(pictures):
    """Return `pictures` as the demo network takes them: raw float32 values [N, 1, 28, 28]."""
    return pictures[:, None].astype(numpy.float32)


def main():
    parser = argparse.ArgumentParser(
        description="Write the test pictures of Fashion-MNIST, without labels, as a .npy file.")
    parser.add_argument("output", type=pathlib.Path)
    output = parser.parse_args().output
    output.parent.mkdir(parents=True, exist_ok=True)
    numpy.save(output, test_pictures()[:, None])


if __name__ == "__main__":
    try:
        main()
    except DatasetError as error:
        sys.exit(f"dataset: {error}")
