"""First steps in Python

Twenty minutes with the same workbench as the command line, in the shapes of the ecosystem: xarray for series, pandas
for tables, altair for pictures. You need Ytterby installed and nothing else: no network, no account.
"""

# %% [markdown]
# ## A world
#
# `yt.load` builds the base system of a year from the sourced figures: markets (a commodity in a region), processes, links
# and demands, with a closed mass balance. It takes a few seconds.

# %%
import ytterby as yt

world = yt.load(2024)
print(len(world.system.markets), "markets,", len(world.system.links), "links,", len(world.system.demands), "demands")

# %% [markdown]
# `world.system` holds pandas tables. Every row names the figures it rests on in its column `facts`, and `world.facts`
# knows their sources:

# %%
mines = world.system.processes.query("stage == 'mine'").sort_values("activity", ascending=False)
print(mines[["region", "activity", "kind", "facts"]].head(4))
fact = world.facts.row(mines["facts"].iloc[0].split()[0])
print(fact["value"], fact["unit"], "|", fact["source"][:80])

# %% [markdown]
# `exposure` says where an importer is exposed. What it gives has named, documented fields; `to_dict()` makes plain data of it:

# %%
found = world.exposure("JP", element="Dy")
largest = max((row for row in found.suppliers if row.stage == "oxide" and row.end_use == "all"), key=lambda row: row.share_traced)
print(largest.supplier, f"{largest.share_traced:.0%} [{largest.low:.0%}-{largest.high:.0%}]")

# %% [markdown]
# ## A run
#
# `simulate` takes a bundled name, a YAML file or a `Scenario`. With `draws=1` it gives the central run; with more, each draw
# takes another value for every uncertain input, and results carry quantiles. The same seed gives the same bits.

# %%
run = world.simulate("china-licences-2025", draws=20, seed=1)
print(run.summary.title["en"])
print(run.first_stops[["sector", "country", "date", "date_low", "date_high", "probability"]].head())

# %% [markdown]
# Who stops first is a table; so are `run.losses`, `run.drivers` and `run.series`. The measures are attributes, as labelled
# arrays with the dimensions that vary; `run.dataset` is the xarray dataset of the run folder, read when values are asked for:

# %%
prices = run.price.sel(commodity="oxide.Dy", quantile=0.5)
inside, outside = prices.sel(region="CN"), prices.sel(region="JP")
ratio = (outside / inside).max()
print(prices.attrs["units"], prices.sizes["date"], "weeks; outside over inside, at most", round(float(ratio), 1))

# %% [markdown]
# A fan chart of any series (an altair chart: shown in a notebook, `.save("price.html")` elsewhere):

# %%
chart = run.plot("price", commodity="oxide.Dy", region="JP")
print(type(chart).__name__)

# %% [markdown]
# ## What matters
#
# The inputs whose rank correlates most with the loss of value added in Japan, the United States and the European Union.
# Most are `assumed`: the answer is only as good as they are, and the evidence grade says by how much.

# %%
print(run.drivers[["input", "rho", "kind"]].head())
print(run.summary.evidence_grade)

# %% [markdown]
# The bands are the range of the declared assumptions, not a forecast interval: a few parameters of behaviour are fitted on
# 2009-2015 (`ytterby backtest quota-crisis-2010` shows how well), all else is judgement with a range.
# Next: [write a scenario of your own](../how-to/scenario-in-python.md), or read [how the model works](../explanation/model.md).
