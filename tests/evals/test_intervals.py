"""Bootstrap intervals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import bootstrap, permutation_test

from evals.intervals import Bootstrap

values_of = st.lists(st.floats(0, 1), min_size=2, max_size=60)


def test_intervals_are_those_of_scipys_percentile_bootstrap() -> None:
    rng = np.random.default_rng(7)
    for n in (20, 101, 637):
        values = rng.random(n)
        ours = Bootstrap(n).estimate(values)
        theirs = bootstrap((values,), np.mean, n_resamples=10_000, method="percentile", rng=rng).confidence_interval
        assert ours.mean == pytest.approx(values.mean())
        assert ours.low == pytest.approx(theirs.low, abs=0.15 * (theirs.high - theirs.low))
        assert ours.high == pytest.approx(theirs.high, abs=0.15 * (theirs.high - theirs.low))


def test_a_paired_difference_is_narrower_than_two_means_apart() -> None:
    rng = np.random.default_rng(1)
    a = rng.random(100)
    b = np.clip(a + 0.02, 0, 2)
    resamples = Bootstrap(100)
    difference = resamples.difference(a, b)
    assert difference.mean == pytest.approx(0.02)
    assert difference.detectable
    assert resamples.estimate(a).high > resamples.estimate(b).low  # apart they overlap


@given(values_of)
def test_an_interval_lies_around_its_mean_and_within_its_values(values: list[float]) -> None:
    estimate = Bootstrap(len(values), rounds=200).estimate(np.array(values))
    slack = 1e-6
    assert min(values) - slack <= estimate.low <= estimate.high <= max(values) + slack
    assert estimate.low - 0.5 <= estimate.mean <= estimate.high + 0.5


@given(values_of)
def test_a_system_does_not_differ_from_itself(values: list[float]) -> None:
    column = np.array(values)
    difference = Bootstrap(len(values), rounds=50).difference(column, column)
    assert (difference.mean, difference.low, difference.high) == (0, 0, 0)
    assert not difference.detectable


def test_four_changes_of_twenty_are_not_called_a_difference() -> None:
    a, b = np.zeros(20), np.zeros(20)
    b[:4] = 1
    difference = Bootstrap(20).difference(a, b)
    assert difference.low > 0  # the bootstrap alone would say so
    assert difference.p == pytest.approx(2 / 16)
    assert not difference.detectable
    b[:8] = 1
    assert Bootstrap(20).difference(a, b).detectable


def test_the_sign_flip_test_is_scipys() -> None:
    changes = np.random.default_rng(3).normal(0.2, 1, 60)
    ours = Bootstrap(60).difference(np.zeros(60), changes).p
    theirs = permutation_test((changes,), np.mean, permutation_type="samples", n_resamples=20_000, rng=1).pvalue
    assert ours == pytest.approx(theirs, abs=0.03)


def test_alike_systems_are_seldom_called_different() -> None:
    rng = np.random.default_rng(11)
    resamples = Bootstrap(20, rounds=1000)
    called = sum(
        resamples.difference(np.zeros(20), rng.choice([-1.0, 0, 0, 0, 0, 0, 1.0], 20)).detectable for _ in range(300)
    )
    assert called / 300 <= 0.06


def test_cases_without_the_metric_are_left_out() -> None:
    values = np.array([1.0, np.nan, 0.0, np.nan, 1.0, 1.0])
    estimate = Bootstrap(6).estimate(values)
    assert (estimate.mean, estimate.n) == (0.75, 4)
    assert estimate.low < 0.75 < estimate.high


def test_equal_values_have_no_width_and_no_values_no_mean() -> None:
    assert Bootstrap(3).estimate(np.ones(3)).low == 1.0
    with pytest.raises(ValueError, match="no question"):
        Bootstrap(2).estimate(np.array([np.nan, np.nan]))
    with pytest.raises(ValueError, match="nothing"):
        Bootstrap(0)
    with pytest.raises(ValueError, match="expected 2"):
        Bootstrap(2).estimate(np.ones(3))
