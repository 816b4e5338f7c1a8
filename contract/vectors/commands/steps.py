# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""Steps of commands that walk a tensor."""


def step_over(tensor):
    """Extents of a step: whole dimensions from the last one on, up to 4,096 elements."""
    block, left = [0] * len(tensor.dim), 4096
    for i in reversed(range(tensor.rank)):
        block[i] = max(1, min(tensor.dim[i], left))
        left //= block[i]
    return block
