# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""What is wrong with a contract, as sentences that name file, item and what to do."""


class Problem(Exception):
    """One or more sentences that end the run."""

    def __init__(self, *sentences):
        super().__init__("\n".join(sentences))
        self.sentences = sentences


class Problems:
    """Collects sentences, so that one run tells all of them."""

    def __init__(self):
        self.sentences = []

    def add(self, where, sentence):
        """Remember one, said of a place such as "queue.yaml: struct job: member seq"."""
        self.sentences.append(f"{where}: {sentence}")

    def end_if_any(self):
        """Later steps rely on what the earlier ones found to be right."""
        if self.sentences:
            raise Problem(*self.sentences)
