#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compare the NPU's int8 logits of all test pictures with those of the oracle, bit for bit."""

import argparse
import pathlib
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(TOP / "training"))

import numpy

import dataset
import export


def oracle_logits(oracle, model):
    """Return the logits the program `oracle` computes for the ONNX file `model`."""
    with tempfile.TemporaryDirectory() as folder:
        network, pictures, logits = (pathlib.Path(folder) / name for name in
                                     ("network.bin", "pictures.npy", "logits.npy"))
        network.write_bytes(export.Exporter(export.load(model)).export())
        numpy.save(pictures, dataset.test_pictures())
        subprocess.run([oracle, network, pictures, logits], check=True)
        return numpy.load(logits)


def differences(logits, expected):
    """Return the places where two float32 arrays differ in any bit."""
    if (logits.shape, logits.dtype) != (expected.shape, expected.dtype):
        raise ValueError(f"{logits.dtype} of shape {logits.shape} given, "
                         f"{expected.dtype} of shape {expected.shape} expected")
    return numpy.argwhere(logits.view(numpy.uint32) != expected.view(numpy.uint32))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("logits", type=pathlib.Path, help=".npy file of shape (10000, 10)")
    parser.add_argument("--oracle", type=pathlib.Path,
                        default=TOP / "build/out/training/int8_oracle/int8_oracle")
    parser.add_argument("--model", type=pathlib.Path,
                        default=TOP / "models/fashion_mnist_int8.onnx")
    arguments = parser.parse_args()
    logits = numpy.load(arguments.logits)
    expected = oracle_logits(arguments.oracle, arguments.model)
    wrong = differences(logits, expected)
    print(f"{len(wrong)} of {expected.size} logits differ from the oracle's")
    for picture, number in wrong[:5]:
        print(f"  picture {picture}, class {number}: {logits[picture, number]!r}, "
              f"the oracle says {expected[picture, number]!r}")
    sys.exit(1 if len(wrong) else 0)


if __name__ == "__main__":
    try:
        main()
    except (dataset.DatasetError, export.Unsupported, ValueError, OSError,
            subprocess.CalledProcessError) as error:
        sys.exit(f"verify: {error}")
