# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""
Elements: from stored bytes to values of registers and back, by exact arithmetic.

A value of f32 is a Python float, which has every fp32; integers are int, bool is 0 or 1.
"""

import math
from fractions import Fraction

# Bits of exponent and mantissa, and the largest finite value.
FLOATS = {
    "FP32": (8, 23, (2 - Fraction(1, 1 << 23)) * (1 << 127)),
    "FP16": (5, 10, Fraction(65504)),
    "BF16": (8, 7, (2 - Fraction(1, 1 << 7)) * (1 << 127)),
    "FP8_E4M3": (4, 3, Fraction(448)),
    "FP8_E5M2": (5, 2, Fraction(57344)),
    "FP4_E2M1": (2, 1, Fraction(6)),
}
INTEGERS = {"INT4": 4, "UINT4": 4, "INT8": 8, "UINT8": 8, "INT16": 16, "UINT16": 16, "INT32": 32, "UINT32": 32,
            "INT64": 64, "UINT64": 64}
NAN = math.nan


def bits_of(name):
    """Width of an element in memory."""
    if name in FLOATS:
        return 1 + sum(FLOATS[name][:2])
    return INTEGERS.get(name, 8)


def register_of(name):
    """Type of the register that loading gives."""
    if name in FLOATS or name == "E8M0":
        return "F32"
    if name == "BOOL":
        return "BOOL"
    return "I64" if name in ("UINT32", "INT64", "UINT64") else "I32"


def signed(code, bits):
    """Two's complement."""
    return code - (1 << bits) if code >> bits - 1 & 1 else code


def load(name, code):
    """The register's value for the bits of an element."""
    if name == "BOOL":
        return int(code != 0)
    if name == "E8M0":
        return NAN if code == 0xff else math.ldexp(1.0, code - 127)
    if name in FLOATS:
        return load_float(name, code)
    return signed(code, INTEGERS[name]) if name.startswith("INT") or name == "UINT64" else code


def load_float(name, code):
    """Of a type with sign, exponent and mantissa."""
    exponent_bits, mantissa_bits, _ = FLOATS[name]
    sign = -1.0 if code >> exponent_bits + mantissa_bits else 1.0
    exponent = code >> mantissa_bits & (1 << exponent_bits) - 1
    mantissa = code & (1 << mantissa_bits) - 1
    bias = (1 << exponent_bits - 1) - 1
    top = exponent == (1 << exponent_bits) - 1
    if name == "FP8_E4M3" and top and mantissa == 7:
        return NAN
    if top and name not in ("FP8_E4M3", "FP4_E2M1"):
        return NAN if mantissa else sign * math.inf
    if exponent:
        mantissa |= 1 << mantissa_bits
    return sign * math.ldexp(mantissa, max(exponent, 1) - bias - mantissa_bits)


def to_even(x):
    """The nearest integer of a fraction, ties to even: what Python's round() does."""
    return round(x)


def nearest(magnitude, mantissa_bits, least):
    """The nearest multiple of the unit at @magnitude, whose exponent is at least @least; no largest value."""
    exponent = magnitude.numerator.bit_length() - magnitude.denominator.bit_length()
    if Fraction(2) ** exponent > magnitude:
        exponent -= 1
    unit = Fraction(2) ** (max(exponent, least) - mantissa_bits)
    return to_even(magnitude / unit) * unit


def store_float(name, value, saturate):
    """Bits of a value of f32, or of an exact integer, rounded once; None for not-a-number."""
    exponent_bits, mantissa_bits, largest = FLOATS[name]
    least = 2 - (1 << exponent_bits - 1)
    if value != value:
        return 0 if name == "FP4_E2M1" else None
    sign = int(math.copysign(1.0, value) < 0) << exponent_bits + mantissa_bits
    rounded = math.inf if math.isinf(value) else nearest(abs(Fraction(value)), mantissa_bits, least)
    if rounded <= largest:
        return sign | code_of(rounded, mantissa_bits, least)
    if name == "FP4_E2M1" or (saturate and name.startswith("FP8")):
        return sign | code_of(largest, mantissa_bits, least)
    return None if name == "FP8_E4M3" else sign | (1 << exponent_bits) - 1 << mantissa_bits


def code_of(value, mantissa_bits, least):
    """Exponent and mantissa of a value that the type has."""
    if value < Fraction(2) ** least:
        return int(value / Fraction(2) ** (least - mantissa_bits))
    exponent = value.numerator.bit_length() - value.denominator.bit_length()
    exponent -= Fraction(2) ** exponent > value
    return (exponent - least << mantissa_bits) + int(value / Fraction(2) ** (exponent - mantissa_bits))


def store_power(value, saturate):
    """Bits of e8m0: the nearest power of two, halfway the even code; None for not-a-number."""
    if value != value or value < 0:
        return None
    if math.isinf(value):
        return 254 if saturate else None
    if value <= math.ldexp(1.0, -127):
        return 0
    mantissa, exponent = math.frexp(value)
    code = exponent - 1 + 127
    code += mantissa > 0.75 or (mantissa == 0.75 and code & 1)
    return code if code < 255 else 254 if saturate else None


def store_integer(name, value, register, wrap):
    """Bits of an integer type."""
    bits = INTEGERS[name]
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if name.startswith("INT") else (0, (1 << bits) - 1)
    if register == "F32":
        if value != value:
            return 0
        value = (high if value > 0 else low) if math.isinf(value) else to_even(Fraction(value))
    elif wrap or (register, name) == ("I64", "UINT64"):
        return value & (1 << bits) - 1
    return min(max(value, low), high) & (1 << bits) - 1


def store(name, value, register, saturate=False, wrap=False):
    """Bits of an element; None for any not-a-number."""
    if name == "BOOL":
        return int(value != 0)
    if name == "E8M0":
        return store_power(value, saturate)
    if name in FLOATS:
        return store_float(name, value, saturate)
    return store_integer(name, value, register, wrap)


def f32(value):
    """The nearest fp32 of a fraction or a float."""
    if isinstance(value, float) and (value != value or math.isinf(value)):
        return value
    code = store_float("FP32", value, False)
    return load_float("FP32", code)
