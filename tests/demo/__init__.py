# SPDX-License-Identifier: MIT
"""Tests of the demo as a whole, each with guests of its own; run by python3 -m unittest in tests."""
