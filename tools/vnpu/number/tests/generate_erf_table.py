#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes ../erf_table.c: erf and its slope at multiples of 1/16 up to 4, from series with 60 digits."""

from decimal import Decimal, getcontext
from pathlib import Path

getcontext().prec = 60
SMALL = Decimal(10) ** -57
HEAD = """\
/* SPDX-License-Identifier: MIT */
/* Written by tests/generate_erf_table.py. */
#include "erf_table.h"

const struct erf_entry erf_table[ERF_ENTRIES] = {
"""


def arctangent_of_inverse(n):
    """atan(1 / n)"""
    power = total = Decimal(1) / n
    odd = 1
    while abs(power) > SMALL:
        power, odd = -power / (n * n), odd + 2
        total += power / odd
    return total


PI = 4 * (4 * arctangent_of_inverse(5) - arctangent_of_inverse(239))
TWO_OVER_ROOT_PI = 2 / PI.sqrt()


def erf(x):
    """By its Taylor series at 0."""
    term = total = x
    n = 0
    while abs(term) > SMALL:
        n += 1
        term *= -x * x / n
        total += term / (2 * n + 1)
    return TWO_OVER_ROOT_PI * total


def line(x):
    """One entry."""
    return f"\t{{ {float(erf(x)).hex()}, {float(TWO_OVER_ROOT_PI * (-x * x).exp()).hex()} }},\n"


def main():
    """Writes the file."""
    text = HEAD + "".join(line(Decimal(i) / 16) for i in range(65)) + "};\n"
    (Path(__file__).resolve().parents[1] / "erf_table.c").write_text(text, encoding="utf-8")


main()
