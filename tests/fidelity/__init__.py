# SPDX-License-Identifier: MIT
"""Compares the time of the virtual NPU (tools/vnpu/time) with the simulation of tests/simulation."""
