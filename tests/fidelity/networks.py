# SPDX-License-Identifier: MIT
"""Networks beside those of the simulation: operands in memory, a node a layer, on one tile."""

from fidelity.layers import Layers
from simulation.gang import Group, Node
from simulation.vector import Vector

SILU = Vector(("SIGMOID", "MUL"))


def nodes(sku, make):
    """A program of one group, whose nodes follow each other."""
    group = Group((1, 1), 0, sku.main)
    result = []
    for command in make(Layers(sku)):
        result.append(Node([[command]], group, tuple(result[-1:])))
    return result


def mobilenet(layers):
    """Blocks of MobileNetV2: wider, depthwise, narrower."""
    for channels, wide, outputs, size, stride in ((32, 96, 24, 56, 2), (24, 144, 32, 28, 1), (32, 192, 64, 28, 2),
                                                  (64, 384, 96, 14, 1)):
        yield layers.conv(channels, wide, (size, size), 1)
        yield layers.conv(wide, wide, (size, size), 3, stride, groups=wide)
        out = (size + stride - 1) // stride
        yield layers.conv(wide, outputs, (out, out), 1)


def decoder(layers, tokens, weights, pages=None):
    """A layer of a language model of 1,024 channels."""
    width, inner, keys = 1024, 2816, 700
    yield layers.normalize(tokens, width, "RMS")
    for outputs in (width, width // 4, width // 4):
        yield layers.gemm(tokens, outputs, width, "fp16", weights, post=None)
    yield layers.vector((tokens, width), ("MUL", "FMA"))
    yield layers.attention(16, tokens, keys, 64, 4, True, pages)
    yield layers.gemm(tokens, width, width, "fp16", weights, post=None)
    yield layers.normalize(tokens, width, "RMS")
    yield layers.gemm(tokens, inner, width, "fp16", weights, post=SILU)
    yield layers.gemm(tokens, inner, width, "fp16", weights, post=None)
    yield layers.gemm(tokens, width, inner, "fp16", weights, post=None)


def decode(layers):
    """Two layers, one token, weights of int4, keys in pages."""
    for _ in range(2):
        yield from decoder(layers, 1, "int4", tuple(i * 11 % 128 for i in range(11)))


def prefill(layers):
    """A layer, 96 tokens, weights of fp16."""
    yield from decoder(layers, 96, "fp16")


def diffusion(layers):
    """A block of a diffusion network: norms, convolutions, attention."""
    yield layers.normalize(128, 256, "STANDARD")
    yield layers.conv(128, 128, (32, 32), 3, kind="fp16")
    yield layers.vector((128, 1024), ("SIGMOID", "MUL"))
    yield layers.conv(128, 128, (32, 32), 3, kind="fp16")
    yield layers.attention(4, 256, 256, 32)
    yield layers.gemm(256, 512, 128, "fp16")
    yield layers.gemm(256, 128, 512, "fp16")


def recommendation(layers):
    """Embeddings and a perceptron."""
    for table in range(3):
        yield layers.rows(4096, 64, tuple((i * 541 + table * 97) % 4096 for i in range(128)))
    for outputs, inputs in ((512, 256), (256, 512), (64, 256), (1, 64)):
        yield layers.gemm(128, outputs, inputs)


def detection(layers):
    """A pyramid: convolutions, pools, doubled rows and columns."""
    yield layers.conv(32, 64, (64, 64), 3, 2)
    yield layers.pool(64, 32, 3, 2)
    yield layers.conv(64, 128, (16, 16), 3)
    yield layers.enlarge(64, 16)
    yield layers.transpose(512, 64)
    yield layers.conv(64, 64, (32, 32), 3)
    yield layers.reduce((64, 1024), (1,))
    yield layers.normalize(64, 91, "SOFTMAX")


ALL = {"mobilenet": mobilenet, "decode": decode, "prefill": prefill, "diffusion": diffusion,
       "recommendation": recommendation, "detection": detection}
