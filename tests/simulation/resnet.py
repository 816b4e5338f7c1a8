# SPDX-License-Identifier: MIT
"""ResNet-50 as commands, and a simple schedule: a node a layer, activations resident, weights loaded ahead."""

from dataclasses import dataclass, replace
from functools import lru_cache

from simulation.blocks import Blocks
from simulation.conv import Conv, Window
from simulation.flows import ONE, ceiling
from simulation.pool import Pool
from simulation.gang import Group, Node
from simulation.reduce import Reduce
from simulation.steps import Refused
from simulation.tensor import MEMORY, SCRATCHPAD, Tensor
from simulation.tile import alone
from simulation.vector import Vector

# The most that lives at one time: 2.0.1's input of 56 x 56 x 256, and outputs of 56 x 56 x 128 and 28 x 28 x 128.
RESIDENT = 802816 + 401408 + 100352


@dataclass(frozen=True)
class Layer:
    """One convolution with square images and kernels; `add`: its epilogue adds a residual."""

    name: str
    channels: int
    outputs: int
    size: int
    kernel: int
    stride: int
    add: bool = False

    @property
    def out(self):
        """Rows of the output."""
        return (self.size - 1) // self.stride + 1

    @property
    def products(self):
        """Products of one image."""
        return self.out ** 2 * self.outputs * self.channels * self.kernel ** 2

    @property
    def weights(self):
        """Elements of the weights."""
        return self.outputs * self.channels * self.kernel ** 2


def bottleneck(stage, number, channels, width, size, stride):
    """The convolutions of a block, in an order that needs little space."""
    name = f"{stage}.{number}"
    layers = [Layer(name + ".1", channels, width, size, 1, 1), Layer(name + ".2", width, width, size, 3, stride)]
    if number == 0:
        layers.append(Layer(name + ".down", channels, 4 * width, size, 1, stride))
    return layers + [Layer(name + ".3", width, 4 * width, layers[1].out, 1, 1, True)]


def layers():
    """All convolutions and the last product, in order."""
    result = [Layer("stem", 3, 64, 224, 7, 2)]
    channels, size = 64, 56
    for stage, (count, width) in enumerate(((3, 64), (4, 128), (6, 256), (3, 512)), 1):
        for number in range(count):
            stride = 2 if stage > 1 and number == 0 else 1
            result += bottleneck(stage, number, channels, width, size, stride)
            channels, size = 4 * width, result[-1].out
    return result + [Layer("classes", 2048, 1000, 1, 1, 1)]


def channels_last(kind, images, channels, rows, columns, **where):
    """A tensor [N, C, H, W] whose channels lie innermost."""
    stride = (channels * rows * columns, 1, columns * channels, channels)
    return Tensor(kind, (images, channels, rows, columns), stride, **where)


def per_channel(extent, space, multicast=()):
    """An input of an epilogue: one int32 a channel."""
    return Tensor("int32", extent, (0, 1, 0, 0), space=space, static=True, multicast=multicast)


def epilogue(extent, residual, space, multicast=()):
    """Bias, scale by channel, a residual with a scale of its own; ReLU is the saturation of uint8."""
    inputs = (per_channel(extent, space, multicast), per_channel(extent, space, multicast))
    if not residual:
        return Vector(("ADD", "RESCALE"), inputs)
    there = channels_last("uint8", *extent, space=SCRATCHPAD)
    return Vector(("ADD", "RESCALE", "RESCALE", "ADD"), inputs + (there,))


def convolution(sku, layer, blocks, images=1, rows=None, outputs=None, weights=MEMORY, multicast=()):
    """
    A layer for a tile. `rows` of the output are the tile's, all if None, its input having the rows that they need;
    `outputs` likewise its channels.
    """
    height = layer.size if rows is None else (rows - 1) * layer.stride + layer.kernel
    out = layer.out if rows is None else rows
    outputs = outputs or layer.outputs
    pad = layer.kernel // 2
    across = Window(layer.kernel, layer.stride, before=pad, after=pad)
    down = across if rows is None else Window(layer.kernel, layer.stride)
    source = MEMORY if layer.name == "stem" else SCRATCHPAD
    x = channels_last("uint8", images, layer.channels, height, layer.size, space=source)
    d = channels_last("uint8", images, outputs, out, layer.out, space=SCRATCHPAD)
    w = Tensor("int8", (outputs, layer.channels, layer.kernel, layer.kernel), space=weights, static=True,
               multicast=multicast)
    post = epilogue(d.extent, layer.add, weights, multicast)
    return Conv(sku, x, w, d, blocks, (down, across), post=post)


def choices(sku, layer, images, rows, outputs):
    """Blocks that load each weight once: few rows beyond those that hide the change of weights, all k at once."""
    lines = images * (layer.out if rows is None else rows)
    least = sku.ports * sku.filling("int8", "int8")
    width = outputs or layer.outputs
    for parts in range(1, lines + 1):
        bm = ceiling(lines, parts)
        if (parts == 1 or bm * layer.out <= 4 * least) and (bm == lines or bm * layer.out >= 2 * least):
            for wide in (1, 2) if layer.channels <= 64 else (1,):
                yield Blocks(bm, min(width, wide * sku.columns), layer.channels * layer.kernel ** 2)


@lru_cache(maxsize=None)
def best(sku, layer, ring, images=1, rows=None, outputs=None):
    """The blocks with the least cycles when weights cost nothing, then those that leave most of the ring."""
    found = None
    for blocks in choices(sku, layer, images, rows, outputs):
        try:
            convolution(sku, layer, blocks, images, rows, outputs).command(ring)
            free = convolution(sku, layer, blocks, images, rows, outputs, weights=SCRATCHPAD)
            command = free.command(ring)
        except Refused:
            continue
        cost = alone(sku, [command], ring)[0] + free.fixed() // 256
        if found is None or cost < found[0]:
            found = (cost, blocks)
    return found


def pools(sku):
    """The maximum after the stem and the mean before the last product."""
    x, d = (channels_last("uint8", 1, 64, size, size, space=SCRATCHPAD) for size in (112, 56))
    window = Window(3, 2, before=1, after=1)
    first = Pool(sku, x, d, (window, window), (1, 64, 1, 56)).command()
    last, mean = (channels_last("uint8", 1, 2048, size, size, space=SCRATCHPAD) for size in (7, 1))
    return first, Reduce(sku, last, mean, (2, 3), (1, 64, 7, 7), post=Vector(("RESCALE",))).command()


def commands(sku, ring):
    """The commands of one image on one tile, in order."""
    first, mean = pools(sku)
    result = []
    for layer in layers():
        if layer.name == "1.0.1":
            result.append(first)
        if layer.name == "classes":
            result.append(mean)
        key = replace(layer, name=layer.name if layer.name == "stem" else "")
        blocks = best(sku, key, ring)[1]
        result.append(convolution(sku, layer, blocks).command(ring, name=layer.name))
    return result


def nodes(sku):
    """A program for one tile: a node a command, all in one group."""
    group = Group((1, 1), RESIDENT, sku.main - RESIDENT)
    result = []
    for command in commands(sku, group.ring):
        result.append(Node([[command]], group, tuple(result[-1:]), command.name))
    return result


def bound(sku, tiles=1):
    """Cycles of the products at the rate of the array, and of the weights at that of the memory."""
    products = sum(layer.products for layer in layers())
    weights = sum(layer.weights for layer in layers())
    return products / (tiles * sku.macs("int8")), weights * ONE / sku.capacities()[MEMORY]
