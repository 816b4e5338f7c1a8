# SPDX-License-Identifier: MIT
"""Checks that the files of a part use each other downwards only."""
