"""The difference of two runs."""

import pytest

from ytterby.app.runs.compare import compare
from ytterby.app.runs.run import run
from ytterby.errors import UnknownNameError


def test_a_run_against_itself_differs_in_nothing(tmp_path):
    done = run("japan-ban-2026", project=tmp_path)
    found = compare(done.folder, done.folder.name, tmp_path)
    assert found.same_base
    assert all(value == 0 for value in found.headline.values())
    assert all(row.difference == 0 for table in ("losses", "shortfall") for row in getattr(found, table))
    assert all(row.days_later in (0, None) for row in found.first_stops)


def test_more_is_the_second_less_the_first(tmp_path):
    calm, shock = run("no-shock", project=tmp_path), run("japan-ban-2026", project=tmp_path)
    found = compare(calm.folder, shock.folder, tmp_path)
    assert found.headline["JP"] == pytest.approx(shock.summary.headline["JP"].value_added_usd)
    assert found.losses[0].difference > 0
    with pytest.raises(UnknownNameError, match="did you mean 'no-shock"):
        compare(calm.folder.name[:-1], shock.folder, tmp_path)
