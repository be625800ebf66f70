"""Learn the clause model of the evidence desk from the invented sentences in ``evidence/training``.

``python scripts/train_clauses.py [--held-out]`` writes the weights; with ``--held-out`` it also prints for each list what a model reaches
on it that was trained on the others: a list has one style, so that this is the honest figure.
"""

from __future__ import annotations

import sys

from ytterby.evidence import learn_clauses

if __name__ == "__main__":
    sys.stdout.write("\n".join(learn_clauses(with_lists_held_out="--held-out" in sys.argv)) + "\n")
