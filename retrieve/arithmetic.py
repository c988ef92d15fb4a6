"""Evaluate a sum with a safe library, within what a float holds, and write a number as people do."""

import ast
import math
from collections.abc import Callable, Mapping

LARGEST = 308  # digits before the point that a float holds


def evaluated(expression: str, functions: Mapping[str, Callable[..., float]]) -> float:
    """The value of an expression, a finite number; ValueError where it has none."""
    from simpleeval import DEFAULT_OPERATORS, InvalidExpression, SimpleEval

    operators = {**DEFAULT_OPERATORS, ast.Pow: _power}
    try:
        value = float(SimpleEval(operators=operators, functions=dict(functions), names={}).eval(expression))
    except (InvalidExpression, ArithmeticError, TypeError, ValueError, SyntaxError, RecursionError) as wrong:
        raise ValueError(str(wrong)) from wrong
    if not math.isfinite(value):
        raise ValueError("it comes to no number")
    return value


def shown(value: float) -> str:
    """A result as people write it: no floating-point tail, thousands apart, six figures of what is less than 1."""
    if not 1 <= abs(value) < 1e15:
        return f"{value:g}"
    return f"{value:,.6f}".rstrip("0").rstrip(".")


def _power(base: float, exponent: float) -> float:
    """A power that a float holds: larger ones of whole numbers would be computed for minutes."""
    if base and abs(exponent) * abs(math.log10(abs(base))) > LARGEST:
        raise OverflowError(f"{base} ** {exponent} is too large or too small")
    return base**exponent  # type: ignore[no-any-return]
