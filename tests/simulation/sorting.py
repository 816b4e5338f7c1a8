# SPDX-License-Identifier: MIT
"""SORT, COMPACT and SUPPRESS: cycles of the vector unit (manual, section 15.3)."""

from math import ceil, log2

from simulation.flows import ceiling


def sort_cycles(sku, rows, n):
    """Cycles of the vector unit for SORT."""
    return ceiling(rows * n * max(1, ceil(log2(n))) * 16, sku.vector)


def suppress_cycles(sku, n):
    """Cycles of the vector unit for SUPPRESS."""
    return ceiling(8 * n * n, sku.vector)
