"""Terms of packages as sums of blocks: issues that act on each other are worked out together, each combination of their steps once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


class TermsBlock(NamedTuple):
    """Terms of some issues, and which of them each package has."""

    terms: Floats
    """(combination, party, term)"""
    combination: Ints
    """(package,)"""


@dataclass(frozen=True, eq=False)
class PackageTerms:
    """Terms of all packages and of no deal.

    Parameters
    ----------
    blocks : tuple of TermsBlock
        A package has the sum of its combinations.
    no_deal : array (party, term)
    """

    blocks: tuple[TermsBlock, ...]
    no_deal: Floats

    @classmethod
    def of_packages(cls, packages: Floats, no_deal: Floats) -> PackageTerms:
        """Terms that are known package by package (package, party, term)."""
        return cls((TermsBlock(packages, np.arange(len(packages))),), no_deal)

    @cached_property
    def packages(self) -> Floats:
        """Terms of all packages (package, party, term); of many draws ask :meth:`package` or :meth:`term`, which take less memory."""
        first, *others = self.blocks
        found = first.terms[first.combination]
        for block in others:
            found += block.terms[block.combination]
        return found

    def package(self, number: int) -> Floats:
        """Terms of one package (party, term)."""
        return np.asarray(sum(block.terms[block.combination[number]] for block in self.blocks))

    def term(self, place: int) -> Floats:
        """One term of all packages (package, party)."""
        return np.asarray(sum(block.terms[:, :, place][block.combination] for block in self.blocks))

    def utilities(self, weights: Floats) -> tuple[Floats, Floats]:
        """Utilities of the packages (package, party) and of no deal (party,) under weights (party, term)."""
        parts = (np.einsum("kpt,pt->kp", block.terms, weights)[block.combination] for block in self.blocks)
        return np.asarray(sum(parts)), np.asarray(np.einsum("pt,pt->p", self.no_deal, weights))


def combined(steps: Ints, columns: Sequence[int], counts: Sequence[int]) -> tuple[Ints, Ints]:
    """Combinations of the steps of some issues that packages have, and which of them each has.

    Parameters
    ----------
    steps : array (package, issue)
    columns : sequence of int
        The issues.
    counts : sequence of int
        Number of steps of every issue.

    Returns
    -------
    combinations : array (combination, issue)
        All other issues at their first step.
    combination : array (package,)
    """
    number = np.zeros(len(steps), dtype=np.int64)
    for column in columns:
        number = number * counts[column] + steps[:, column]
    _, first, combination = np.unique(number, return_index=True, return_inverse=True)
    combinations = np.zeros((len(first), steps.shape[1]), dtype=np.int64)
    at = np.array(columns, dtype=np.int64)
    combinations[:, at] = steps[first][:, at]
    return combinations, combination
