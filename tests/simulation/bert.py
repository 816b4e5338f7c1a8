# SPDX-License-Identifier: MIT
"""A layer of BERT-base in fp16 on one tile: activations resident, weights loaded ahead."""

from simulation.attention import Attention
from simulation.blocks import Blocks
from simulation.flows import ONE
from simulation.gang import Group, Node
from simulation.gemm import Gemm
from simulation.reduce import Normalize
from simulation.tensor import MEMORY, SCRATCHPAD, Tensor
from simulation.vector import Vector

WIDTH, HEADS, INNER = 768, 12, 3072
GELU = ("ADD", "MUL", "ERF", "ADD", "MUL", "MUL")


def here(*extent, stride=None):
    """A tensor of the resident part."""
    return Tensor("fp16", extent, stride, space=SCRATCHPAD)


def linear(sku, tokens, inputs, outputs, operations, residual=False):
    """A product with weights of memory, whose columns are dense, a bias, and what its epilogue does."""
    extent = (tokens, outputs)
    bias = Tensor("fp16", extent, (0, 1), static=True)
    post = Vector(operations, (bias, here(*extent)) if residual else (bias,))
    weights = Tensor("fp16", (inputs, outputs), (1, inputs), static=True)
    return Gemm(sku, here(tokens, inputs), weights, here(*extent), Blocks(tokens, sku.columns, inputs), post)


def attention(sku, tokens):
    """All heads; q, k and v lie side by side in each token's row."""
    size = WIDTH // HEADS
    qkv = here(1, HEADS, tokens, size, stride=(0, size, 3 * WIDTH, 1))
    out = here(1, HEADS, tokens, size, stride=(0, size, WIDTH, 1))
    return Attention(sku, qkv, qkv, qkv, out, Blocks(tokens, tokens, size))


def normalize(sku, tokens):
    """Layer normalization with weight and bias."""
    rows = here(tokens, WIDTH)
    scale = Tensor("fp16", (tokens, WIDTH), (0, 1), static=True)
    return Normalize(sku, rows, rows, (1,), (4, WIDTH), "STANDARD", post=Vector(("FMA",), (scale, scale)))


def commands(sku, tokens, ring):
    """The commands of a layer, in order."""
    return [linear(sku, tokens, WIDTH, 3 * WIDTH, ("ADD",)).command(ring),
            attention(sku, tokens).command(ring),
            linear(sku, tokens, WIDTH, WIDTH, ("ADD", "ADD"), residual=True).command(ring),
            normalize(sku, tokens).command(),
            linear(sku, tokens, WIDTH, INNER, GELU).command(ring),
            linear(sku, tokens, INNER, WIDTH, ("ADD", "ADD"), residual=True).command(ring),
            normalize(sku, tokens).command()]


def nodes(sku, tokens, count):
    """A program of some layers, a node a layer."""
    resident = 2 * tokens * (WIDTH + INNER)
    group = Group((1, 1), resident, sku.main - resident)
    result = []
    for _ in range(count):
        result.append(Node([commands(sku, tokens, group.ring)], group, tuple(result[-1:])))
    return result


def bound(sku, tokens):
    """Cycles of a layer's products and of its weights."""
    weights = 4 * WIDTH * WIDTH + 2 * WIDTH * INNER
    products = tokens * weights + 2 * tokens * tokens * WIDTH
    return products / sku.macs("fp16"), 2 * weights * ONE / sku.capacities()[MEMORY]
