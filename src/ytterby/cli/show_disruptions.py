"""Terminal output of the backtest on recorded disruptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.cli.show_run import table_of

if TYPE_CHECKING:
    from ytterby.app import DisruptionsBacktest

CLASSES = {"engineered_part": "built", "catalogue_part": "catalogue", "material": "material"}


def show(result: DisruptionsBacktest) -> None:
    """Print the users of the record, misses first, and the scores beside the bare rule."""
    from ytterby.cli.tables import plain_console

    console = plain_console()
    table = table_of("Foretold without its own event", ["year", "user", "class", "stop", "p", "weeks", "foretold"])
    for row in sorted(result.users, key=lambda row: (row.recalled, row.hit is not False, row.date)):
        stop = {True: "yes", False: "no", None: "-"}[row.stopped]
        lost = "-" if row.weeks_lost is None else f"{row.weeks_lost:.1f}"
        mark = "" if row.hit is not False else " miss"
        user = row.user + (" *" if row.recalled else "")
        band = f"{row.weeks:.1f} ({row.weeks_low:.1f}-{row.weeks_high:.1f})"
        table.add_row(row.date[:4], user, CLASSES[row.input_class], stop, f"{row.p_stop:.0%}{mark}", lost, band)
    console.print(table)
    model, rule = result.model, result.rule
    for name, one in (("model", model), ("rule 'parts stop, materials do not'", rule)):
        words = f"{name}: {one.hits} of {one.asked} right, Brier {one.brier:.3f}, error of ln weeks lost {one.log_error:.2f}"
        console.print(words, highlight=False)
    (seen, asked), (near, parts) = result.seen, result.engineered_within_two
    console.print(f"without what is general knowledge (*): {seen} of {asked}", highlight=False)
    console.print(f"engineered parts within a factor of 2: {near} of {parts}", highlight=False)
    console.print("in no parameter: " + ", ".join(result.excluded), highlight=False)
