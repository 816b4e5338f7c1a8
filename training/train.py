#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Train the demo network on the training pictures of Fashion-MNIST and export it as ONNX."""

import argparse
import pathlib
import sys
import time

import torch
from torch.nn import functional

import dataset
from network import DemoNetwork

SEED = 20170825
THREADS = 2
EPOCHS = 10
BATCH = 128
PEAK_RATE = 3e-3
WEIGHT_DECAY = 2e-2
OPSET = 17


def make_deterministic():
    """Fix everything that would make two runs on the same machine differ."""
    torch.manual_seed(SEED)
    torch.use_deterministic_algorithms(True)
    # The order of sums over a batch depends on the number of threads.
    torch.set_num_threads(THREADS)


def mirror_half(pictures):
    """Mirror each picture with probability one half: a shoe may point either way."""
    mirrored = torch.rand(len(pictures), 1, 1, 1) < 0.5
    return torch.where(mirrored, pictures.flip(3), pictures)


def train_epoch(model, optimizer, schedule, pictures, labels):
    """Run one pass over the training pictures and return the mean loss."""
    model.train()
    order = torch.randperm(len(pictures))
    total = 0.0
    batches = order.split(BATCH)
    for batch in batches:
        logits = model(mirror_half(pictures[batch].float()))
        loss = functional.cross_entropy(logits, labels[batch])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        schedule.step()
        total += loss.item()
    return total / len(batches)


def train(pictures, labels, epochs):
    """Return the trained network, folded for inference."""
    model = DemoNetwork()
    steps = epochs * -(-len(pictures) // BATCH)
    optimizer = torch.optim.AdamW(model.parameters(), PEAK_RATE, weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, PEAK_RATE, total_steps=steps)
    started = time.monotonic()
    for epoch in range(epochs):
        loss = train_epoch(model, optimizer, schedule, pictures, labels)
        print(f"epoch {epoch + 1}/{epochs}: loss {loss:.4f}, {time.monotonic() - started:.0f} s",
              flush=True)
    model.fold()
    return model


def export(model, path):
    """Write `model` as ONNX with a symbolic batch size N."""
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        model, (torch.zeros(1, 1, dataset.PICTURE_SIDE, dataset.PICTURE_SIDE),), path,
        dynamo=False, opset_version=OPSET, input_names=["image"], output_names=["logits"],
        dynamic_axes={"image": {0: "N"}, "logits": {0: "N"}})


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", type=pathlib.Path, help="the ONNX file to write")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    arguments = parser.parse_args()
    make_deterministic()
    pictures = torch.from_numpy(dataset.training_pictures().copy()).unsqueeze(1)
    labels = torch.from_numpy(dataset.training_labels().astype("int64"))
    export(train(pictures, labels, arguments.epochs), arguments.output)
    print(f"{arguments.output}: {arguments.output.stat().st_size} bytes")


if __name__ == "__main__":
    try:
        main()
    except dataset.DatasetError as error:
        sys.exit(f"train: {error}")
