# SPDX-License-Identifier: MIT
"""Cycles of VECTOR programs: strips and the weights of their operations (manual, section 12)."""

from dataclasses import dataclass

from simulation.flows import ceiling
from simulation.tensor import volume

WEIGHTS = {1: "MOVE CONSTANT INDEX TILE PARAMETER ADD SUB MUL FMA NEG ABS SIGN MIN MAX AND OR XOR NOT SHL SHR SAR "
              "EQ NE LT LE GT GE LTU LEU SELECT FLOOR CEIL TRUNC ROUND CONVERT ROUND_TO RESCALE IS_NAN IS_INF",
           4: "DIV REM MOD DIVU REMU SQRT RSQRT RECIPROCAL EXP2 LOG2",
           8: "EXP LOG EXPM1 LOG1P ERF TANH SIGMOID SIN COS ATAN",
           16: "POW ATAN2 PHILOX"}
WEIGHT = {name: weight for weight, names in WEIGHTS.items() for name in names.split()}


@dataclass(frozen=True)
class Vector:
    """A VECTOR program: names of its operations, and its inputs in the output's dimensions."""

    operations: tuple = ()
    inputs: tuple = ()

    @property
    def weight(self):
        """Cycles of a strip."""
        return max(1, sum(WEIGHT[name] for name in self.operations))


def inputs(program):
    """The inputs of a program; a missing one has none."""
    return program.inputs if program else ()


def epilogue(program, elements, sku):
    """Cycles over the elements of a block; a missing program costs nothing."""
    if program is None:
        return 0
    return ceiling(elements, sku.vector) * program.weight


def merged(extent, strides):
    """Extents and strides with the dimensions that are contiguous in every operand merged, innermost first."""
    dims = [(n, tuple(stride[i] for stride in strides)) for i, n in enumerate(extent) if n > 1]
    result = []
    for n, step in reversed(dims):
        if result and all(outer == result[-1][0] * inner for outer, inner in zip(step, result[-1][1])):
            result[-1] = (result[-1][0] * n, result[-1][1])
        else:
            result.append((n, step))
    return [n for n, _ in reversed(result)]


def strips(extent, strides, sku):
    """Strips of the element-wise command over a block."""
    dims = merged(extent, strides)
    if not dims:
        return 1 if volume(extent) else 0
    return volume(dims[:-1]) * ceiling(dims[-1], sku.vector)
