"""Named distributions of uncertain numbers, and their quantile functions.

A distribution is written ``{dist: triangular, low: 0.2, mode: 0.5, high: 0.9}``. ``ppf`` maps
uniform numbers to values, so that every design (streams, LHS, Sobol) serves every distribution.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, Field, TypeAdapter, ValidationError, model_validator

from ytterby.measures.faults import refusal
from ytterby.measures.fields import Frozen, Number, fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

MIN_PROBABILITY = 1e-300
"""Probability below which the inverse of the beta function loses its way."""
Positive = Annotated[Number, Field(gt=0)]


class _Distribution(Frozen):
    """Base of all distributions."""

    def ppf(self, u: ArrayLike) -> NDArray[Any]:
        """Values at the probabilities `u` in [0, 1], same shape."""
        raise NotImplementedError

    @property
    def median(self) -> Any:
        """The value at one half."""
        return self.ppf(np.array([0.5]))[0]

    @property
    def extremes(self) -> tuple[Any, Any]:
        """The values at 1e-9 and 1 - 1e-9: what a draw can meet."""
        low, high = self.ppf(np.array([1e-9, 1.0 - 1e-9]))
        return low, high


def _ordered(*values: tuple[str, float | None]) -> None:
    given = [(name, value) for name, value in values if value is not None]
    for (below, a), (above, b) in zip(given, given[1:], strict=False):
        if a > b:
            raise fault(f"{below} ({a:g}) must not exceed {above} ({b:g})")


class Point(_Distribution):
    """One certain value."""

    dist: Literal["point"] = "point"
    value: Number
    """The value [unit of the key]."""

    def ppf(self, u: ArrayLike) -> NDArray[Any]:
        """Give the value, whatever the probability."""
        return np.full(np.shape(u), self.value)


class Uniform(_Distribution):
    """Every value between low and high is as likely."""

    dist: Literal["uniform"] = "uniform"
    low: Number
    """Lowest value [unit of the key]."""
    high: Number
    """Highest value [unit of the key]."""

    @model_validator(mode="after")
    def _check(self) -> Uniform:
        _ordered(("low", self.low), ("high", self.high))
        return self

    def ppf(self, u: ArrayLike) -> NDArray[Any]:
        """Linear in the probability."""
        return np.asarray(self.low + (self.high - self.low) * np.asarray(u, dtype=float))


class Triangular(_Distribution):
    """Rises from low to the mode, falls to high."""

    dist: Literal["triangular"] = "triangular"
    low: Number
    """Lowest value [unit of the key]."""
    mode: Number
    """Likeliest value [unit of the key]."""
    high: Number
    """Highest value [unit of the key]."""

    @model_validator(mode="after")
    def _check(self) -> Triangular:
        _ordered(("low", self.low), ("mode", self.mode), ("high", self.high))
        return self

    def ppf(self, u: ArrayLike) -> NDArray[Any]:
        """Square roots on both sides of the mode."""
        u = np.asarray(u, dtype=float)
        width = self.high - self.low
        if width == 0.0:
            return np.full(u.shape, self.low)
        rising = self.low + np.sqrt(u * width * (self.mode - self.low))
        falling = self.high - np.sqrt((1.0 - u) * width * (self.high - self.mode))
        return np.clip(np.where(u * width <= self.mode - self.low, rising, falling), self.low, self.high)


class _Truncated(_Distribution):
    low: Number | None = None
    """Values below are cut off [unit of the key]."""
    high: Number | None = None
    """Values above are cut off [unit of the key]."""

    @model_validator(mode="after")
    def _check(self) -> _Truncated:
        _ordered(("low", self.low), ("high", self.high))
        if self.low is not None and self.low == self.high:
            raise fault("low and high must differ; write {dist: point} for one value")
        return self

    def _cut(self, u: ArrayLike, z_low: float, z_high: float) -> NDArray[Any]:
        """Quantiles of the standard normal between two bounds, computed in the tail that keeps digits."""
        from scipy.special import ndtr, ndtri

        u = np.asarray(u, dtype=float)
        if z_low > 0.0:
            return -np.asarray(self._cut(1.0 - u, -z_high, -z_low))
        a, b = ndtr(z_low), ndtr(z_high)
        return np.asarray(np.clip(ndtri(a + u * (b - a)), z_low, z_high))


class Normal(_Truncated):
    """The bell curve, cut at low and high where given."""

    dist: Literal["normal"] = "normal"
    mean: Number
    """Mean before the cut [unit of the key]."""
    sd: Positive
    """Standard deviation before the cut [unit of the key]."""

    def ppf(self, u: ArrayLike) -> NDArray[Any]:
        """Quantiles of the cut bell curve."""
        z_low = -np.inf if self.low is None else (self.low - self.mean) / self.sd
        z_high = np.inf if self.high is None else (self.high - self.mean) / self.sd
        return self._inside(self.mean + self.sd * self._cut(u, z_low, z_high))

    def _inside(self, x: NDArray[Any]) -> NDArray[Any]:
        return x if self.low is None and self.high is None else np.clip(x, self.low, self.high)


class LogNormal(_Truncated):
    """Its logarithm follows the bell curve; cut at low and high where given."""

    dist: Literal["lognormal"] = "lognormal"
    median_: Positive = Field(alias="median")
    """Median before the cut [unit of the key]."""
    sigma: Positive
    """Standard deviation of the natural logarithm [1]."""

    def ppf(self, u: ArrayLike) -> NDArray[Any]:
        """Exponential of the cut bell curve."""
        z_low = -np.inf if self.low is None or self.low <= 0 else np.log(self.low / self.median_) / self.sigma
        z_high = np.inf if self.high is None else np.log(max(self.high, 1e-300) / self.median_) / self.sigma
        x = self.median_ * np.exp(self.sigma * self._cut(u, z_low, z_high))
        return x if self.low is None and self.high is None else np.clip(x, self.low, self.high)


class Beta(_Distribution):
    """A share between low and high, with its mass where alpha and beta put it."""

    dist: Literal["beta"] = "beta"
    alpha: Positive
    """First shape [1]."""
    beta: Positive
    """Second shape [1]."""
    low: Number = 0.0
    """Lowest value [unit of the key]."""
    high: Number = 1.0
    """Highest value [unit of the key]."""

    @model_validator(mode="after")
    def _check(self) -> Beta:
        _ordered(("low", self.low), ("high", self.high))
        return self

    def ppf(self, u: ArrayLike) -> NDArray[Any]:
        """Inverse of the regularised incomplete beta function."""
        from scipy.special import betaincinv

        return np.asarray(self.low + (self.high - self.low) * betaincinv(self.alpha, self.beta, np.maximum(u, MIN_PROBABILITY)))


class Choice(_Distribution):
    """One of several values: numbers, or words such as dates."""

    dist: Literal["choice"] = "choice"
    values: tuple[Number, ...] | tuple[str, ...] = Field(min_length=1, max_length=1000)
    """The values to choose from [unit of the key]."""
    p: tuple[Annotated[Number, Field(ge=0)], ...] | None = None
    """Their probabilities, equal where absent; they sum to 1 [1]."""

    @model_validator(mode="after")
    def _check(self) -> Choice:
        if self.p is not None and len(self.p) != len(self.values):
            raise fault(f"p has {len(self.p)} entries, values has {len(self.values)}")
        if self.p is not None and abs(sum(self.p) - 1.0) > 1e-9:
            raise fault(f"p sums to {sum(self.p):g}, must sum to 1")
        return self

    @property
    def extremes(self) -> tuple[Any, Any]:
        """First and last value."""
        return self.values[0], self.values[-1]

    def ppf(self, u: ArrayLike) -> NDArray[Any]:
        """Step function over the values in their order."""
        p = self.p or (1.0 / len(self.values),) * len(self.values)
        place = np.searchsorted(np.cumsum(p)[:-1], np.asarray(u, dtype=float), side="right")
        return np.array(self.values, dtype=float if isinstance(self.values[0], float) else object)[place]


Distribution = Annotated[Point | Uniform | Triangular | Normal | LogNormal | Beta | Choice, Field(discriminator="dist")]
DISTRIBUTIONS: dict[str, type[BaseModel]] = {
    "point": Point,
    "uniform": Uniform,
    "triangular": Triangular,
    "normal": Normal,
    "lognormal": LogNormal,
    "beta": Beta,
    "choice": Choice,
}
"""Class of each distribution."""
_ADAPTER: TypeAdapter[Any] = TypeAdapter(Distribution)


def distribution(spec: Mapping[str, Any]) -> Distribution:
    """Distribution of a mapping such as ``{"dist": "uniform", "low": 0, "high": 1}``.

    Raises
    ------
    ScenarioError
        With every fault of the mapping, one a line.
    """
    try:
        return _ADAPTER.validate_python(dict(spec))  # type: ignore[no-any-return]
    except ValidationError as error:
        raise refusal(error, dict(spec), list(DISTRIBUTIONS.values()), "distribution") from None
