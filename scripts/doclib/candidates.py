"""Page of the candidate measures: what there is, what the columns hold, what is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doclib.cli_pages import MADE
from doclib.lists import table
from ytterby.facts import CANDIDATE_FIGURES, CANDIDATE_WORDS, candidates, left_out

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ytterby.facts import Candidate

HEADS = ("id", "name", "kind", "where", "status", "good", "entitled", "figures assumed")
FIGURES = """\
Each figure `x` stands in four columns: `x_low`, `x`, `x_high` and `x_basis`. The basis is `stated` (by a source), `derived` (from what
sources state), `generic` (of a plant of the same stage, for want of its own), `assumed` (judgement, or recalled) or `none`, and names
the facts.
"""
RULES = """\
- Capital costs in other currencies are those that a fact converts. They are nominal, of 2023 to 2026, and taken for USD of 2024. The
  high end of a cost that is stated before the plant runs is 1.6 times as much, which is how costs grew at Eneabba (`YIE0086`).
- Running costs of mines that a fact credits with by-products are given without the credit: the value of the by-products at prices of
  the base year is added again, so that whoever sells them does not count them twice. Bought feed, oxide and metal are not in them.
- The lead of a plant under construction is what its own date leaves; any other plant takes that of its stage, and starts no earlier
  than the shortest lead after its newest figure, whatever was announced.
- Delays and cancellations are those of plants under construction (`ASM016`, `ASM018`), of planned and proposed ones (`ASM017`,
  `ASM019`); a plant that a plan itself decides on counts as under construction.
- Capacities in tonnes of concentrate, of feed, of several elements or of old magnets are converted by the basket of the recipe.
- Greenhouse gases, water and residue are those of the process in the base (`footprints`): a study from mine to oxide counts where the
  oxide is separated, so that a mine of hard rock has none of its own.
- What no contract gives to a party is the world's: it is divided among all regions by their use of the good in the base year
  (`ytterby.system.entitlements`), whoever plans. China, which works up most of the world's oxides, holds most of such shares.
- Where buyers are named without quantities, equal parts are assumed, and the note says so.
- A measure whose host is `*` is anyone's to take at home. Stocks, savings and standards are given per tonne.
"""


def page() -> str:
    """The page."""
    rows = candidates()
    figures = [(f"`{name}`", meaning) for name, meaning in CANDIDATE_FIGURES.items()]
    words = [(f"`{name}`", meaning) for name, meaning in CANDIDATE_WORDS.items()]
    missing = [(f"`{fact}`", reason) for fact, reason in left_out().items()]
    return "\n".join(
        [
            MADE,
            "# Candidate measures\n",
            f"The {len(rows)} measures that a plan may choose from, as `ytterby measures --candidates` lists them: plants, programmes,\n"
            "stocks. The table is `facts/data/tables/candidates.csv`; `ytterby measures --candidates ID` shows all figures of one.\n",
            f"## Figures\n\n{FIGURES}",
            table(("figure", "meaning and unit"), figures),
            "## Other columns\n",
            table(("column", "what it holds"), words),
            f"## Rules\n\n{RULES}",
            "## Measures\n",
            table(HEADS, [_cells(row) for row in rows]),
            "## Left out\n",
            "On record, and no candidate:\n",
            table(("figure", "why"), missing),
        ]
    )


def _cells(row: Candidate) -> tuple[object, ...]:
    """Cells of one measure."""
    return (f"`{row.id}`", row.name(), row.kind, row.host, row.status, f"`{row.goods[0]}`", _held(row.entitled), len(row.assumed))


def _held(entitled: Mapping[str, float]) -> str:
    """Shares of an output in words."""
    return ", ".join(f"{'who pays' if who == '*' else who} {share:.0%}" for who, share in entitled.items())
