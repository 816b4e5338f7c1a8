# SPDX-License-Identifier: MIT
"""Tests of the tools in tools/dev."""
