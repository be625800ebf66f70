"""linopy builds the same programme from labelled arrays: a second road to the extensive form and to the CVaR in it."""

import warnings

import numpy as np
import pytest
import xarray as xr

from tests.solver.programmes import network
from ytterby.solver import solve_two_stage

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # those of its own dependencies
    linopy = pytest.importorskip("linopy")


def labelled(array, *dims):
    return xr.DataArray(
        np.asarray(array), dims=dims, coords={dim: np.arange(size) for dim, size in zip(dims, np.shape(array), strict=True)}
    )


def optimum(first, recourse, weight, alpha):
    """Optimum of the two-stage programme as linopy states it."""
    model = linopy.Model()
    scenarios = recourse.scenarios
    shape = (scenarios, len(recourse.loss))
    p = labelled(recourse.probability, "s")
    x = model.add_variables(labelled(first.low, "x"), labelled(first.high, "x"), name="x")
    low, high = (labelled(np.broadcast_to(bound, shape), "s", "y") for bound in (recourse.low, recourse.high))
    y = model.add_variables(low, high, name="y")
    eta = model.add_variables(name="eta")
    excess = model.add_variables(lower=0, coords=p.coords, name="excess")
    rows = (labelled(first.A.toarray(), "row", "x") * x).sum("x")
    both = (labelled(recourse.W.toarray(), "k", "y") * y).sum("y") + (labelled(recourse.T.toarray(), "k", "x") * x).sum("x")
    bounds = [
        (rows, "row", labelled(first.row_low, "row"), labelled(first.row_high, "row")),
        (both, "both", *(labelled(bound, "s", "k") for bound in (recourse.row_low, recourse.row_high))),
    ]
    for expression, name, at_least, at_most in bounds:
        model.add_constraints(expression >= at_least.where(np.isfinite(at_least), -1e20), name=f"{name}_low", mask=np.isfinite(at_least))
        model.add_constraints(expression <= at_most.where(np.isfinite(at_most), 1e20), name=f"{name}_high", mask=np.isfinite(at_most))
    loss = (labelled(recourse.loss, "y") * y).sum("y")
    resource = (labelled(recourse.resource_cost, "y") * y).sum("y")
    model.add_constraints(excess - loss + eta >= 0, name="excess")
    cvar = eta + (p / (1 - alpha) * excess).sum()
    model.add_objective((labelled(first.cost, "x") * x).sum() + (p * (loss + resource)).sum() + weight * cvar)
    model.solve("highs", io_api="direct", output_flag=False)
    return float(model.objective.value)


@pytest.mark.parametrize("seed", range(3))
def test_two_scenarios_have_the_same_optimum(seed):
    first, recourse = network(seed, scenarios=2)
    found = optimum(first, recourse, 0.5, 0.6)
    for method in ("whole", "ipx-whole", "decomposition"):
        assert solve_two_stage(first, recourse, alpha=0.6, method=method, gap=1e-9).upper_bound == pytest.approx(found, rel=1e-7)
