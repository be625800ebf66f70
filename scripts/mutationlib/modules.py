"""Modules that are gone through, and the tests that should see an error in them."""

from __future__ import annotations

STEP = ("tests/simulation/test_step.py", "tests/simulation/test_terms.py", "tests/simulation/test_ban.py")
LOSSES = ("tests/economy/test_losses.py", "tests/economy/test_recapture.py", "tests/economy/test_production_stops.py")
TRADE = ("tests/economy/test_trade.py",)
RULES = (
    "tests/evidence/test_sentences.py",
    "tests/evidence/test_claims.py",
    "tests/evidence/test_dates_quantities.py",
    "tests/evidence/test_dates_told.py",
    "tests/evidence/test_quantities.py",
    "tests/evidence/test_hostile.py",
    "tests/evidence/test_deliberate_errors.py",
)
SOLVER = ("tests/solver/test_two_stage.py", "tests/solver/test_linear_program.py", "tests/solver/test_conflicts.py")
MODULES: dict[str, tuple[str, ...]] = {
    "facts/numbers.py": ("tests/facts/test_numbers.py",),
    "facts/periods.py": ("tests/facts/test_periods.py",),
    "facts/plausibility.py": ("tests/facts/test_plausibility.py",),
    "facts/register.py": ("tests/facts/test_register.py",),
    "facts/unit_hints.py": ("tests/facts/test_unit_hints.py",),
    "facts/audit.py": ("tests/facts/test_audit.py", "tests/facts/test_load.py"),
    "economy/trade/demand.py": TRADE,
    "economy/trade/accounts.py": TRADE,
    "economy/trade/duties.py": TRADE,
    "economy/trade/value_added.py": TRADE,
    "economy/lost_output.py": LOSSES,
    "economy/making_up.py": LOSSES,
    "economy/losses.py": LOSSES,
    "economy/production_stops.py": LOSSES,
    "economy/input_output.py": ("tests/economy/test_input_output.py",),
    "evidence/rules/dates.py": RULES,
    "evidence/rules/quantities.py": RULES,
    "evidence/rules/modality.py": RULES,
    "evidence/rules/rule_matching.py": RULES,
    "evidence/gate.py": ("tests/evidence/test_gate.py",),
    "simulation/user_shares.py": ("tests/simulation/test_user_shares.py",),
    "simulation/market_sums.py": ("tests/simulation/test_labelled_results.py", "tests/simulation/test_terms.py"),
    "simulation/measure_effects.py": (*STEP, "tests/simulation/test_cases.py", "tests/simulation/test_deliberate_errors.py"),
    "simulation/plant_effects.py": ("tests/simulation/test_new_plants.py", "tests/simulation/test_dormant_plants.py"),
    "simulation/step.py": STEP,
    "plan/limits.py": ("tests/plan/test_programme.py", "tests/app/test_plan.py"),
    "plan/shock_files.py": ("tests/plan/test_shocks.py",),
    "plan/shock_reduction.py": ("tests/plan/test_shocks.py",),
    "plan/availability.py": ("tests/plan/test_programme.py",),
    "plan/builds.py": ("tests/plan/test_programme.py",),
    "plan/loss_fit.py": ("tests/plan/test_loss_table.py",),
    "solver/risk.py": SOLVER,
    "solver/two_stage.py": SOLVER,
    "solver/decomposition.py": SOLVER,
    "solver/linear_program.py": SOLVER,
    "cooperation/shares.py": ("tests/cooperation/test_shares.py",),
    "cooperation/games.py": ("tests/cooperation/test_shares.py",),
    "cooperation/values.py": ("tests/cooperation/test_values.py",),
    "cooperation/accounts.py": ("tests/cooperation/test_values.py",),
}
"""Test files by module, below ``src/ytterby``."""
