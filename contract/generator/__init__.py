# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""From contract/*.yaml to headers, tables of the manual, lock, decoder and Python structures."""
