# SPDX-License-Identifier: MIT
"""tessera-smi in a guest whose boards get into every state."""
