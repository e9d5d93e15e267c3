"""Sums of two numbers, as people say or type them."""

from fractions import Fraction
import re

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty"
)
_NUMBERS = {word: number for number, word in enumerate(_SMALL.split())} | {
    word: 10 * number
    for number, word in enumerate(
        "thirty forty fifty sixty seventy eighty ninety hundred".split(), 3
    )
}
_SIGNS = {"plus": "+", "and": "+", "minus": "-", "times": "*", "x": "*", "×": "*", "÷": "/",
          "divided by": "/", "over": "/"}  # fmt: skip
_NUMBER = rf"-?\d+(?:\.\d+)?|{'|'.join(_NUMBERS)}"
_SUM = re.compile(
    rf"(?:.*\b(?:what'?s|what is|how much is|calculate|compute|solve)\s+)?"
    rf"({_NUMBER})\s*([-+*/x×÷]|plus|minus|times|divided by|over)\s*({_NUMBER})\s*[=?.!]*"
)


def solve(text: str) -> str | None:
    """Return the result of the sum that a text (lower case) asks for, or None."""
    if (found := _SUM.fullmatch(text.strip())) is None:
        return None
    left, right = _number(found[1]), _number(found[3])
    sign = _SIGNS.get(found[2], found[2])
    if sign == "/":
        return _written(left / right) if right else "nothing sensible, one cannot divide by zero"
    return _written({"+": left + right, "-": left - right, "*": left * right}[sign])


def _number(word: str) -> Fraction:
    """Return a number from digits or from its English name."""
    return Fraction(_NUMBERS.get(word, word))


def _written(value: Fraction) -> str:
    """Return a number as one writes it, with at most three decimals."""
    return f"{float(value):.3f}".rstrip("0").rstrip(".")
