#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes ../angle_table.c: powers of two in quarter turns, arc tangents at multiples of 1/16."""

from fractions import Fraction
from pathlib import Path

BITS = 500
ONE = 1 << BITS
HEAD = """\
/* SPDX-License-Identifier: MIT */
/* Written by tests/generate_angle_table.py. */
#include "angle_table.h"

"""


def arctangent(x):
    """atan(x) for a fraction of at most 1/2, in units of 2^-BITS."""
    power = total = x.numerator * ONE // x.denominator
    odd, sign, square = 1, 1, x * x
    while power:
        power = power * square.numerator // square.denominator
        odd, sign = odd + 2, -sign
        total += sign * (power // odd)
    return Fraction(total, ONE)


PI = 4 * (4 * arctangent(Fraction(1, 5)) - arctangent(Fraction(1, 239)))


def leading(value, bits):
    """A number cut after its first bits."""
    if not value:
        return Fraction(0)
    exponent = 0
    while abs(value) >= Fraction(2) ** (exponent + 1):
        exponent += 1
    while abs(value) < Fraction(2) ** exponent:
        exponent -= 1
    unit = Fraction(2) ** (exponent - bits + 1)
    return value // unit * unit


def quarters(exponent):
    """The three parts for 2^exponent."""
    scale = Fraction(2) ** 23
    value = (Fraction(2) ** (exponent - 23) * 2 / PI) % 4 * scale
    high = leading(value, 29)
    middle = leading(value - high, 29)
    return high, middle, value - high - middle


def arctangent_to_one(x):
    """atan(x) for a fraction up to 1; atan(x) = atan(1/2) + atan((x - 1/2) / (1 + x/2))."""
    half = Fraction(1, 2)
    if x <= half:
        return arctangent(x)
    return arctangent(half) + arctangent((x - half) / (1 + x * half))


def pair(value):
    """An fp64 and what it lacks."""
    high = float(value)
    return f"{{ {high.hex()}, {float(value - Fraction(high)).hex()} }}"


def main():
    """Writes the file."""
    text = HEAD + "const struct quarters quarters_table[QUARTER_ENTRIES] = {\n"
    for exponent in range(-149, 128):
        text += "\t{ " + ", ".join(float(part).hex() for part in quarters(exponent)) + " },\n"
    angles = [arctangent_to_one(Fraction(i, 16)) for i in range(17)]
    text += "};\n\nconst struct atan_entry atan_table[2 * ATAN_ENTRIES] = {\n"
    for angle in angles + [PI / 2 - angle for angle in angles]:
        text += f"\t{pair(angle)},\n"
    (Path(__file__).resolve().parents[1] / "angle_table.c").write_text(text + "};\n", encoding="utf-8")


main()
