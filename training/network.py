# SPDX-License-Identifier: MIT
"""The demo network: a small residual convolutional network for pictures of 28 x 28 bytes.

It takes raw pixel values from 0 to 255. While training they are scaled by 1/256 inside the
network; fold() moves that factor and every batch normalization into the convolutions. The factor
is a power of two, so folding it changes exponents only, and there is no mean to subtract, so zero
padding stays exact.
"""

import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

PIXEL_SCALE = 1.0 / 256


class ConvUnit(nn.Module):
    """A 3 x 3 convolution with padding 1 and its batch normalization."""

    def __init__(self, channels_in, channels_out, stride=1):
        super().__init__()
        self.conv = nn.Conv2d(channels_in, channels_out, 3, stride, padding=1)
        self.norm = nn.BatchNorm2d(channels_out)

    def forward(self, x):
        return self.norm(self.conv(x))

    def fold(self):
        """Replace convolution and normalization by the one convolution equal to both."""
        self.conv = fuse_conv_bn_eval(self.conv, self.norm)
        self.norm = nn.Identity()


class ResidualUnit(nn.Module):
    """Two convolutions beside a shortcut."""

    def __init__(self, channels):
        super().__init__()
        self.first = ConvUnit(channels, channels)
        self.second = ConvUnit(channels, channels)

    def forward(self, x):
        return torch.relu(self.second(torch.relu(self.first(x))) + x)


class DemoNetwork(nn.Module):
    """Logits of the ten classes for a batch of pictures of shape (N, 1, 28, 28)."""

    def __init__(self):
        super().__init__()
        self.pixel_scale = PIXEL_SCALE
        self.stem = ConvUnit(1, 16)
        self.widen = ConvUnit(16, 32)
        self.residual = ResidualUnit(32)
        self.reduce = ConvUnit(32, 64, stride=2)
        self.deepen = ConvUnit(64, 64)
        self.pool = nn.MaxPool2d(2)
        self.average = nn.AdaptiveAvgPool2d(1)
        self.classify = nn.Linear(64, 10)

    def forward(self, pixels):
        x = pixels if self.pixel_scale == 1 else pixels * self.pixel_scale
        x = self.pool(torch.relu(self.stem(x)))
        x = self.residual(torch.relu(self.widen(x)))
        x = torch.relu(self.deepen(torch.relu(self.reduce(x))))
        return self.classify(torch.flatten(self.average(x), 1))

    def fold(self):
        """Turn the trained network into plain convolutions on raw pixel values."""
        self.eval()
        for unit in [module for module in self.modules() if isinstance(module, ConvUnit)]:
            unit.fold()
        with torch.no_grad():
            self.stem.conv.weight.mul_(self.pixel_scale)
        self.pixel_scale = 1
