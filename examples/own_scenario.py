"""Write a scenario in Python

A scenario is a frozen object: measures with dates, and distributions of what is uncertain. It is checked when it is
made, and `update` gives a changed copy.
"""

# %% [markdown]
# ## One measure
#
# China lets no dysprosium and terbium, and no magnets with them, leave for Japan during half a year. The keys are those of
# the [scenario file](../reference/measures.md).

# %%
import ytterby as yt

stop = {"kind": "ban", "name": "stop", "on": ["Dy", "Tb"], "from": "CN", "to": "JP", "start": "2025-07-01", "end": "2025-12-31"}
scenario = yt.Scenario(name="heavy-stop", title="Half a year without Dy and Tb for Japan", start="2025-06-30", weeks=52, measures=[stop])
print(scenario.digest[:12], [measure.kind for measure in scenario.measures])

# %% [markdown]
# ## What if it were milder?
#
# `update` gives a copy, checked like the original: the same stop, but half of the flow passes.

# %%
milder = scenario.update(name="heavy-half", measures=[{**stop, "depth": 0.5}])
print(milder.measures[0].depth)

# %% [markdown]
# ## Run both and compare

# %%
world = yt.load(2024)
full, half = world.simulate(scenario), world.simulate(milder)
for run in (full, half):
    short = [row for row in run.summary.shortfall if row.region == "JP"]
    print(run.summary.scenario, {row.commodity: f"{row.total_t:.3g} t" for row in short[:3]})

# %% [markdown]
# Do not expect half the shortage from half the stop: stocks, prices and substitutes answer, and with rationing a milder
# shock can even hurt someone more.
#
# ## Keep it
#
# A scenario goes to a file and comes back the same; the command line runs the file (`ytterby run heavy-stop.yaml`).

# %%
from pathlib import Path

from ytterby.scenario import dump

Path("heavy-stop.yaml").write_text(dump(scenario), "utf-8")
assert yt.load_scenario("heavy-stop.yaml").digest == scenario.digest
print(dump(scenario))
