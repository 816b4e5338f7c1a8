# SPDX-License-Identifier: MIT
"""
ResNet-50 on a gang that works on one image (manual, sections 8.5 and 10.4).

Stages 1 and 2 are divided by rows, their weights are multicast; stages 3 and 4 by output channels. What other tiles
read is stored to SLOT_GANG, and the command that reads it has a GANG_BARRIER.
"""

from dataclasses import replace

from simulation import resnet
from simulation.conv import Window
from simulation.flows import ceiling
from simulation.gang import Group, Node
from simulation.pool import Pool
from simulation.reduce import Reduce
from simulation.tensor import GANG, SCRATCHPAD
from simulation.vector import Vector

# The most that lives at one time: the whole output of 2.0.1, a quarter of its input, of 2.0.2's and of 2.0.down's
# output, and rows of padding.
RESIDENT = 401408 + 200704 + 25088 + 100352 + 12480
COMMANDS_OF_A_NODE = 40


def by_rows(layer):
    """Whether a layer is divided by rows."""
    return layer.name == "stem" or layer.name[0] in "12" or layer.name == "3.0.1"


def exchanged(layer):
    """Whether other tiles read the output."""
    if by_rows(layer):
        return layer.name.endswith(".1") or layer.name == "2.3.3"
    return not layer.name.endswith("down") and layer.name != "classes"


def waits(layer):
    """Whether a layer reads what other tiles stored."""
    if by_rows(layer):
        return layer.name.endswith(".2")
    return not layer.name.endswith("down")


def convolution(sku, layer, tiles, ring):
    """A layer's command for a tile."""
    space = GANG if exchanged(layer) else SCRATCHPAD
    key = replace(layer, name=layer.name if layer.name == "stem" else "")
    if by_rows(layer):
        # The stem computes the row above its part once more: the pool reads it.
        rows = layer.out // tiles + (layer.name == "stem")
        blocks = resnet.best(sku, key, ring, rows=rows)[1]
        conv = resnet.convolution(sku, layer, blocks, rows=rows, multicast=(0, 1))
        conv.d = replace(conv.d, space=space)
    else:
        outputs = ceiling(layer.outputs, tiles)
        blocks = resnet.best(sku, key, ring, outputs=outputs)[1]
        conv = resnet.convolution(sku, layer, blocks, outputs=outputs)
        pitch = conv.d.stride[1] * layer.outputs
        row = layer.out * pitch
        conv.d = replace(conv.d, space=space, stride=(layer.out * row, 1, row, pitch))
    command = conv.command(ring, name=layer.name)
    command.barrier = waits(layer)
    return command


def maximum(sku, tiles):
    """The pool after the stem, of a tile's rows."""
    rows = 56 // tiles
    x = resnet.channels_last("uint8", 1, 64, 2 * rows + 1, 112, space=SCRATCHPAD)
    d = resnet.channels_last("uint8", 1, 64, rows, 56, space=SCRATCHPAD)
    return Pool(sku, x, d, (Window(3, 2), Window(3, 2, before=1, after=1)), (1, 64, 1, 56)).command()


def mean(sku, tiles):
    """The mean before the last product, of a tile's channels."""
    x = resnet.channels_last("uint8", 1, 2048 // tiles, 7, 7, space=SCRATCHPAD)
    d = resnet.channels_last("uint8", 1, 2048 // tiles, 1, 1, space=GANG)
    return Reduce(sku, x, d, (2, 3), (1, 64, 7, 7), post=Vector(("RESCALE",))).command()


def stream(sku, tiles, ring):
    """The commands of a tile."""
    result = []
    for layer in resnet.layers():
        if layer.name == "1.0.1":
            result.append(maximum(sku, tiles))
        if layer.name == "classes":
            result.append(mean(sku, tiles))
        result.append(convolution(sku, layer, tiles, ring))
    return result


def nodes(sku, grid=(2, 2)):
    """A program of few nodes, as long as a stream may be."""
    group = Group(grid, RESIDENT, sku.main - RESIDENT)
    streams = [stream(sku, group.tiles, group.ring) for _ in range(group.tiles)]
    result = []
    for first in range(0, len(streams[0]), COMMANDS_OF_A_NODE):
        parts = [commands[first:first + COMMANDS_OF_A_NODE] for commands in streams]
        result.append(Node(parts, group, tuple(result[-1:]), f"from {parts[0][0].name}"))
    return result
