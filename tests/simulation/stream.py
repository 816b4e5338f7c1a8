# SPDX-License-Identifier: MIT
"""A stream of bytes alone on an engine: its cycles, and what it does."""

import json

from simulation.amounts import amounts, products
from simulation.attention import Attention
from simulation.blocks import Product
from simulation.decode import Decoder, Job
from simulation.device import Device
from simulation.dma import Dma
from simulation.energy import Amounts, picojoules
from simulation.gang import Gang, Group, Node
from simulation.sku import FOLDER, SKUS, merged
from simulation.steps import Refused

ENERGY = {name: json.loads((FOLDER / f"{name}.json").read_text())["energy"] for name in SKUS}
MAC_FJ = {name: merged(energy["mac_fj"]) for name, energy in ENERGY.items()}
CONSTANTS = ("vector_fj", "scratchpad_fj", "byte_fj", "link_fj", "cycle_fj")


def kind_of(command):
    """The type that the products of a command run at; None: it has none."""
    if isinstance(command.source, Attention):
        return command.source.q.type
    return command.source.kind if isinstance(command.source, Product) else None


def energy_of(sku, commands, cycles, *done):
    """Picojoules at the highest voltage, of products of several types; `cycles` are those of the node alone."""
    spent = sum(products(command.source) * MAC_FJ[sku.name].get(kind_of(command), 0) for command in commands)
    constants = Amounts(1, *(ENERGY[sku.name][name] for name in CONSTANTS))
    return picojoules(Amounts(spent, *done, cycles), constants)


class Stream:
    """A stream on an engine of a class. `resident` are bytes of the tile's scratchpad that are no ring."""

    def __init__(self, sku, engine, stream, job, resident=0):
        self.sku = sku
        self.resident = resident
        self.ring = sku.main - resident
        self.engine = engine
        self.stream = stream
        self.job = job

    def line(self):
        """What tests/fidelity compares: see `commands` and `copies`."""
        return self.copies() if self.engine == "dma" else self.commands()

    def commands(self):
        """
        Of a tensor tile's stream cycles, products, vector operations, scratchpad, memory and link bytes, steps and
        picojoules; "error" and a number if it is refused.
        """
        device = Device(self.sku)
        try:
            commands = Decoder(self.sku, self.job, self.ring).stream(self.stream)
        except Refused:
            return ["error", -22]
        if any(kind_of(command) not in (None, *self.sku.promised) for command in commands):
            return ["error", -95]
        group = Group((1, 1), self.resident, self.ring)
        gang = Gang(device, group, 0)
        gang.ended = lambda node: None
        node = Node([commands], group)
        gang.push(node)
        gang.start(node)
        device.run()
        done = amounts(node, self.sku)
        return [node.end, *done, energy_of(self.sku, commands, node.end, *done[1:5])]

    def copies(self):
        """Of a DMA engine's stream cycles, and the bytes it moves."""
        device = Device(self.sku)
        dma = Dma(device)
        decoder = Decoder(self.sku, self.job)
        for flow in decoder.flows(self.stream):
            flow.done = dma.ended
            dma.queue.append(flow)
        walks = [walk for raw in decoder.commands(self.stream) for walk in decoder.walks(raw)]
        moved = sum(walk.bytes for walk in walks)
        if dma.queue:
            dma.begin()
        device.run()
        return [dma.ends[-1] if dma.ends else 0, moved]


def slots_of(raw):
    """(address, size, flags) of a slot table's bytes."""
    return [(int.from_bytes(raw[i:i + 8], "little"), int.from_bytes(raw[i + 8:i + 16], "little"),
             int.from_bytes(raw[i + 24:i + 28], "little")) for i in range(0, len(raw), 32)]


def figures(sku, engine, stream, job):
    """Lines of a golden vector: what a stream that is taken costs a class alone, in memory full of zeros."""
    job.read = lambda address, size: bytes(size)
    if not stream or (engine == "tensor" and not Decoder(sku, job).knows(stream)):
        return []
    if engine == "dma":
        names = ("cycles", "moved")
        done = Stream(sku, engine, stream, job).copies()
    else:
        names = ("cycles", "products", "moved", "steps", "energy")
        cycles, macs, _, _, memory, _, steps, energy = Stream(sku, engine, stream, job).commands()
        done = (cycles, macs, memory, steps, energy)
    return [f"{name} {value}" for name, value in zip(names, done, strict=True)]
