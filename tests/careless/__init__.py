# SPDX-License-Identifier: MIT
"""Drivers that are careless about one sentence of the manual each, and what notices them."""
