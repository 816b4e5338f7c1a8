# SPDX-License-Identifier: MIT
"""Energy of a node (manual, section 13.5). Constants are femtojoules of a class's file, at the voltage of step 0."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

PARTS = ("products", "vector", "scratchpad", "memory", "link")


@dataclass(frozen=True)
class Amounts:
    """What a node did: products, vector operations, bytes of each kind; of constants, what each of them costs."""

    products: int = 0
    vector: int = 0
    scratchpad: int = 0
    memory: int = 0
    link: int = 0
    cycles: int = 0


def picojoules(done, constants, millivolts=1, highest=1):
    """Energy at a clock step's voltage, rounded up once: work goes with its square, idling with the voltage."""
    ratio = Fraction(millivolts, highest)
    work = sum(getattr(done, part) * getattr(constants, part) for part in PARTS)
    return ceil((work * ratio ** 2 + done.cycles * constants.cycles * ratio) / 1000)
