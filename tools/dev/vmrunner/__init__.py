# SPDX-License-Identifier: MIT
"""Boots a QEMU guest with virtual NPUs and runs one command in it."""
