# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""What the operations of VECTOR programs mean, one element at a time: section 11.3 of docs/hardware.md."""

import math
from fractions import Fraction

import mpmath

from elements import NAN, f32, load, signed, store

# Far more digits than a value of f32 has between it and the point halfway to the next.
mpmath.mp.prec = 400
WIDTH = {"I32": 32, "I64": 64}
STORED = {"F32": "FP32", "I32": "INT32", "I64": "INT64", "BOOL": "BOOL"}


def is_special(*values):
    """Not-a-number or infinite: Python's arithmetic is then that of IEEE 754."""
    return any(value != value or math.isinf(value) for value in values)


def wrapped(value, kind):
    """The low bits of an integer."""
    return signed(value & (1 << WIDTH[kind]) - 1, WIDTH[kind])


def unsigned(value, kind):
    """The bits of an integer."""
    return value & (1 << WIDTH[kind]) - 1


# ---- f32 ---------------------------------------------------------------------------

def add(x, y):
    """Rounded once; the sum of opposite values is +0."""
    if is_special(x, y):
        return x + y
    return f32(Fraction(x) + Fraction(y)) if x + y else x + y


def multiply(x, y):
    """Rounded once."""
    if is_special(x, y) or not x or not y:
        return x * y
    return f32(Fraction(x) * Fraction(y))


def fused(x, y, z):
    """a * b + c, rounded once."""
    if is_special(x, y):
        product = x * y
        return product + z
    if is_special(z):
        return z
    exact = Fraction(x) * Fraction(y) + Fraction(z)
    if exact:
        return f32(exact)
    return 0.0 if z else x * y + z


def divide(x, y):
    """Rounded once."""
    if x != x or y != y:
        return NAN
    sign = math.copysign(1.0, x) * math.copysign(1.0, y)
    if math.isinf(x):
        return NAN if math.isinf(y) else sign * math.inf
    if math.isinf(y) or (not x and y):
        return sign * 0.0
    if not y:
        return NAN if not x else sign * math.inf
    return f32(Fraction(x) / Fraction(y))


def remainder(x, y):
    """fmod of ISO C, which is exact."""
    if x != x or y != y or math.isinf(x) or not y:
        return NAN
    return x if math.isinf(y) else math.fmod(x, y)


def extremum(x, y, largest):
    """IEEE 754-2019: not-a-number wins, -0 is below +0."""
    if x != x or y != y:
        return NAN
    key = lambda value: (value, math.copysign(1.0, value))  # noqa: E731
    return max(x, y, key=key) if largest else min(x, y, key=key)


def to_integer(function):
    """Rounding that keeps what is no finite number, and the sign of zero."""
    def rounded(x):
        return x if is_special(x) else math.copysign(float(abs(function(Fraction(x)))), x)
    return rounded


def sign(x):
    """-1, 1, or what is neither."""
    return 1.0 if x > 0 else -1.0 if x < 0 else x


def exact_function(function):
    """The exact result, rounded once."""
    def rounded(*operands):
        result = function(*map(mpmath.mpf, operands))
        if mpmath.isinf(result):
            return math.inf if result > 0 else -math.inf
        if mpmath.isnan(result):
            return NAN
        if not result:
            return 0.0
        if abs(mpmath.log(abs(result), 2)) > 400:
            return math.copysign(math.inf if abs(result) > 1 else 0.0, mpmath.sign(result))
        mantissa, exponent = result.man_exp
        return f32(int(mpmath.sign(result)) * Fraction(mantissa) * Fraction(2) ** exponent)
    return rounded


def odd(function):
    """Keeps the sign of zero."""
    exact = exact_function(function)
    return lambda x: x if not x else exact(x)


def positive(function):
    """Of what is not negative: below zero there is no result."""
    exact = exact_function(function)
    return lambda x: NAN if x < 0 else exact(x)


def logarithm(base):
    """-infinity at zero."""
    exact = positive(lambda x: mpmath.log(x, base) if base else mpmath.log(x))
    return lambda x: x if x != x or x == math.inf else -math.inf if not x else exact(x)


def exponential(function, at_minus_infinity):
    """With results that no computation of 400 bits is needed for."""
    exact = exact_function(function)

    def rounded(x):
        if is_special(x):
            return at_minus_infinity if x < 0 else x
        return math.inf if x > 200 else exact(x)
    return rounded


def log1p(x):
    """Logarithm of 1 + a."""
    if x == -1:
        return -math.inf
    return odd(mpmath.log1p)(x) if x > -1 or x != x else NAN


def sigmoid(x):
    """1 / (1 + e^-a)"""
    if math.isinf(x):
        return 1.0 if x > 0 else 0.0
    return exact_function(lambda v: 1 / (1 + mpmath.exp(-v)))(x)


def periodic(function):
    """Infinities have no angle."""
    exact = odd(function) if function is mpmath.sin else exact_function(function)
    return lambda x: NAN if is_special(x) else exact(x)


def reciprocal_root(x):
    """1 / square root; of -0 it is -infinity."""
    if not x:
        return math.copysign(math.inf, x)
    return 0.0 if x == math.inf else positive(lambda v: 1 / mpmath.sqrt(v))(x)


def square_root(x):
    """Of -0 it is -0."""
    return x if not x else positive(mpmath.sqrt)(x)


def bounded(function, limit):
    """Odd, with a limit at infinity."""
    exact = odd(function)
    return lambda x: math.copysign(limit, x) if math.isinf(x) else exact(x)


def arc_tangent(x):
    """Of infinities half of pi, rounded."""
    if math.isinf(x):
        return math.copysign(exact_function(lambda: mpmath.pi / 2)(), x)
    return odd(mpmath.atan)(x)


def power(x, y):
    """As pow of ISO C."""
    if not y or x == 1:
        return 1.0
    if x != x or y != y:
        return NAN
    whole = not math.isinf(y) and y == math.floor(y)
    negative = math.copysign(1.0, x) < 0 and whole and y % 2 == 1
    if x < 0 and not math.isinf(x) and not math.isinf(y) and not whole:
        return NAN
    size = magnitude(abs(x), y)
    return -size if negative else size


def magnitude(x, y):
    """Power of what is not negative."""
    if is_special(x, y) or not x:
        if x == 1:
            return 1.0
        return math.inf if (x > 1) == (y > 0) else 0.0
    return exact_function(mpmath.power)(x, y)


def angle(y, x):
    """As atan2 of ISO C."""
    if x != x or y != y:
        return NAN
    if not is_special(x, y) and x and y:
        return exact_function(mpmath.atan2)(y, x)
    if y and not math.isinf(y) and math.isinf(x) and x > 0 or (not y and math.copysign(1.0, x) > 0):
        return math.copysign(0.0, y)
    if math.isinf(x) and math.isinf(y):
        quarters = 1 if x > 0 else 3
    else:
        quarters = 4 if (not y or math.isinf(x)) else 2
    return math.copysign(exact_function(lambda: mpmath.pi * quarters / 4)(), y)


# ---- integers ----------------------------------------------------------------------

class Divisions:
    """Counts divisions by zero."""

    def __init__(self):
        self.by_zero = 0

    def of(self, function):
        """A division that counts."""
        def divided(x, y):
            if y == 0:
                self.by_zero += 1
                return 0
            return function(x, y)
        return divided


def truncated(x, y):
    """Towards zero."""
    return abs(x) // abs(y) * (1 if (x < 0) == (y < 0) else -1)


def rescale(x, y, shift):
    """A product, shifted with rounding."""
    return wrapped((x * y + (1 << shift - 1 if shift else 0)) >> shift, "I32")


def philox(counter, key, word):
    """Philox 4x32-10."""
    low = 0xffffffff
    c = [counter & low, counter >> 32 & low, 0, 0]
    k = [key & low, key >> 32 & low]
    for _ in range(10):
        first, second = 0xd2511f53 * c[0], 0xcd9e8d57 * c[2]
        c = [second >> 32 ^ c[1] ^ k[0], second & low, first >> 32 ^ c[3] ^ k[1], first & low]
        k = [k[0] + 0x9e3779b9 & low, k[1] + 0xbb67ae85 & low]
    return c[word]


# ---- operations --------------------------------------------------------------------

F32 = {
    "ADD": add, "SUB": lambda x, y: add(x, -y), "MUL": multiply, "FMA": fused, "DIV": divide, "REM": remainder,
    "NEG": lambda x: -x, "ABS": abs, "SIGN": sign,
    "MIN": lambda x, y: extremum(x, y, False), "MAX": lambda x, y: extremum(x, y, True),
    "IS_NAN": lambda x: int(x != x), "IS_INF": lambda x: int(math.isinf(x)),
    "FLOOR": to_integer(math.floor), "CEIL": to_integer(math.ceil), "TRUNC": to_integer(math.trunc),
    "ROUND": to_integer(round),
    "SQRT": square_root, "RSQRT": reciprocal_root, "RECIPROCAL": lambda x: divide(1.0, x),
    "EXP2": exponential(lambda x: mpmath.power(2, x), 0.0), "LOG2": logarithm(2),
    "EXP": exponential(mpmath.exp, 0.0), "LOG": logarithm(None),
    "EXPM1": lambda x: x if not x else exponential(mpmath.expm1, -1.0)(x), "LOG1P": log1p,
    "ERF": bounded(mpmath.erf, 1.0), "TANH": bounded(mpmath.tanh, 1.0), "SIGMOID": sigmoid,
    "SIN": periodic(mpmath.sin), "COS": periodic(mpmath.cos), "ATAN": arc_tangent, "POW": power, "ATAN2": angle,
}
INTEGER = {
    "ADD": lambda x, y: x + y, "SUB": lambda x, y: x - y, "MUL": lambda x, y: x * y,
    "NEG": lambda x: -x, "ABS": abs, "SIGN": lambda x: (x > 0) - (x < 0), "MIN": min, "MAX": max,
    "AND": lambda x, y: x & y, "OR": lambda x, y: x | y, "XOR": lambda x, y: x ^ y, "NOT": lambda x: ~x,
}
COMPARE = {"EQ": lambda x, y: x == y, "NE": lambda x, y: x != y, "LT": lambda x, y: x < y, "LE": lambda x, y: x <= y,
           "GT": lambda x, y: x > y, "GE": lambda x, y: x >= y}
UNSIGNED = {"LTU": lambda x, y: x < y, "LEU": lambda x, y: x <= y, "DIVU": lambda x, y: x // y,
            "REMU": lambda x, y: x % y}
DIVISION = {"DIV": truncated, "REM": lambda x, y: x - truncated(x, y) * y, "MOD": lambda x, y: x % y}


def shifted(name, x, count, kind):
    """SHL, SHR, SAR"""
    count %= WIDTH[kind]
    if name == "SHL":
        return x << count
    return x >> count if name == "SAR" else unsigned(x, kind) >> count


def converted(x, kind, immediate):
    """CONVERT"""
    to = list(STORED)[immediate & 0xff]
    return load(STORED[to], store(STORED[to], x, kind, wrap=bool(immediate & 0x200)) if to != "F32" or x == x
                else 0x7fc00000)


def rounded_to(x, immediate, names):
    """ROUND_TO"""
    name = names[immediate & 0xff]
    code = store(name, x, "F32", saturate=bool(immediate & 0x100))
    return NAN if code is None else load(name, code)


def integer(name, kind, operands, divisions):
    """An operation on i32 or i64."""
    if name in UNSIGNED:
        function = UNSIGNED[name] if name in ("LTU", "LEU") else divisions.of(UNSIGNED[name])
        result = function(*(unsigned(x, kind) for x in operands))
        return int(result) if name in ("LTU", "LEU") else wrapped(result, kind)
    if name in DIVISION:
        return wrapped(divisions.of(DIVISION[name])(*operands), kind)
    if name in ("SHL", "SHR", "SAR"):
        return wrapped(shifted(name, *operands, kind), kind)
    return wrapped(INTEGER[name](*operands), kind)


def result(name, kind, operands, immediate, names, divisions):
    """Of an operation that computes; @names are those of element types by number."""
    if name == "MOVE":
        return operands[0]
    if name == "SELECT":
        return operands[1] if operands[0] else operands[2]
    if name in COMPARE:
        return int(COMPARE[name](*operands))
    if name == "CONVERT":
        return converted(operands[0], kind, immediate)
    if name == "ROUND_TO":
        return rounded_to(operands[0], immediate, names)
    if name == "RESCALE":
        return rescale(*operands, immediate)
    if name == "PHILOX":
        return philox(operands[0] & (1 << 64) - 1, operands[1] & (1 << 64) - 1, immediate)
    if kind == "F32":
        return F32[name](*operands)
    if kind == "BOOL":
        return INTEGER[name](*operands) & 1
    return integer(name, kind, operands, divisions)
