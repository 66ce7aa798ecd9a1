"""Three-valued (Kleene) logic over concepts, compiled to bit masks so that a picture takes microseconds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum

from wholepicture.core.practice import Expression


class Truth(Enum):
    """Kleene's three values."""

    FALSE = 0
    UNKNOWN = 1
    TRUE = 2


_FALSE, _UNKNOWN, _TRUE = Truth.FALSE, Truth.UNKNOWN, Truth.TRUE

Evaluate = Callable[[int, int], Truth]
"""Given the masks of concepts present and of concepts absent, whether an expression holds."""


def compile_expression(expression: Expression, bits: Mapping[str, int]) -> Evaluate:
    """Compile an expression over concepts whose bit numbers are given."""
    if expression.op == "true":
        return lambda present, absent: Truth.TRUE
    mask = 0
    parts: list[Evaluate] = []
    for part in expression.parts:
        if isinstance(part, str):
            mask |= 1 << bits[part]
        else:
            parts.append(compile_expression(part, bits))
    if expression.op == "all":
        return _all(mask, tuple(parts))
    if expression.op == "any":
        return _any(mask, tuple(parts))
    if expression.op == "not":
        return _not(mask, tuple(parts))
    return _at_least(expression.count, mask, tuple(parts))


def _all(mask: int, parts: tuple[Evaluate, ...]) -> Evaluate:
    def evaluate(present: int, absent: int) -> Truth:
        if mask & absent:
            return _FALSE
        result = _TRUE if mask & present == mask else _UNKNOWN
        for part in parts:
            value = part(present, absent)
            if value is _FALSE:
                return _FALSE
            if value is _UNKNOWN:
                result = _UNKNOWN
        return result

    return evaluate


def _any(mask: int, parts: tuple[Evaluate, ...]) -> Evaluate:
    def evaluate(present: int, absent: int) -> Truth:
        if mask & present:
            return _TRUE
        result = _FALSE if mask & absent == mask else _UNKNOWN
        for part in parts:
            value = part(present, absent)
            if value is _TRUE:
                return _TRUE
            if value is _UNKNOWN:
                result = _UNKNOWN
        return result

    return evaluate


def _not(mask: int, parts: tuple[Evaluate, ...]) -> Evaluate:
    def evaluate(present: int, absent: int) -> Truth:
        value = (
            parts[0](present, absent) if parts else Truth(2 if mask & present else 0 if mask & absent else 1)
        )
        return Truth(2 - value.value)

    return evaluate


def _at_least(count: int, mask: int, parts: tuple[Evaluate, ...]) -> Evaluate:
    total = mask.bit_count() + len(parts)

    def evaluate(present: int, absent: int) -> Truth:
        values = [part(present, absent) for part in parts]
        true = (mask & present).bit_count() + values.count(_TRUE)
        false = (mask & absent).bit_count() + values.count(_FALSE)
        if true >= count:
            return _TRUE
        return _FALSE if total - false < count else _UNKNOWN

    return evaluate


def likelihood(expression: Expression, chance: Mapping[str, float]) -> float:
    """The chance that an expression holds, if its concepts are independent with the chances given."""
    if expression.op == "true":
        return 1.0
    values = [chance[p] if isinstance(p, str) else likelihood(p, chance) for p in expression.parts]
    if expression.op == "not":
        return 1 - values[0]
    if expression.op == "all":
        result = 1.0
        for value in values:
            result *= value
        return result
    if expression.op == "any":
        missing = 1.0
        for value in values:
            missing *= 1 - value
        return 1 - missing
    return _at_least_chance(values, expression.count)


def _at_least_chance(values: list[float], count: int) -> float:
    """Poisson binomial tail, by adding one event at a time."""
    exactly = [1.0] + [0.0] * len(values)
    for value in values:
        for n in range(len(values), 0, -1):
            exactly[n] = exactly[n] * (1 - value) + exactly[n - 1] * value
        exactly[0] *= 1 - value
    return sum(exactly[count:])
