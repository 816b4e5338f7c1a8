#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Quantize the trained network statically to int8, calibrated on training pictures only."""

import argparse
import pathlib
import sys

import dataset
import onnx_runtime

CALIBRATION_PICTURES = 2000
BATCH = 100


def calibration_batches():
    """Return evenly spaced training pictures, in batches."""
    pictures = dataset.training_pictures()
    chosen = pictures[::len(pictures) // CALIBRATION_PICTURES]
    return ({"image": dataset.network_input(chosen[start:start + BATCH])}
            for start in range(0, len(chosen), BATCH))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=pathlib.Path, help="the fp32 ONNX file")
    parser.add_argument("target", type=pathlib.Path, help="the int8 ONNX file to write")
    arguments = parser.parse_args()
    onnx_runtime.quantize(arguments.source, arguments.target, calibration_batches())
    print(f"{arguments.target}: {arguments.target.stat().st_size} bytes")


if __name__ == "__main__":
    try:
        main()
    except dataset.DatasetError as error:
        sys.exit(f"quantize: {error}")
