"""How the cost of a lookup grows, drawn as SVG: with the number of lookups, and with how many are under way at once."""

import math
from collections.abc import Mapping
from html import escape

__all__ = ["draw"]

Curves = Mapping[str, Mapping[int, float]]

_COLOURS = ("#0b6e4f", "#c8553d", "#5b5f97", "#b8912f", "#3a7ca5", "#888888")
_WIDTH, _HEIGHT = 420, 300
_LEFT, _TOP, _RIGHT, _BOTTOM = 60, 50, 20, 120
_MARGINS = _LEFT + _RIGHT


def draw(panels: Mapping[str, tuple[str, Curves]]) -> str:
    """
    Return an SVG with a panel for each title.

    Args:
        panels: title → what the x axis says, and contestant → x → microseconds.

    """
    width = len(panels) * (_WIDTH + _MARGINS)
    size = f'width="{width}" height="{_HEIGHT + _TOP + _BOTTOM}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    for number, (title, (axis, curves)) in enumerate(panels.items()):
        parts.append(f'<g transform="translate({number * (_WIDTH + _MARGINS) + _LEFT},{_TOP})">')
        parts += _panel(title, axis, curves)
        parts.append("</g>")
    return "\n".join([*parts, "</svg>"]) + "\n"


def _text(x: float, y: float, words: str, anchor: str = "middle", size: int = 12) -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" font-size="{size}">{escape(words)}</text>'


def _panel(title: str, axis: str, curves: Curves) -> list[str]:
    """Draw both axes in logarithms: a cost that does not grow is a level line."""
    xs = sorted({x for curve in curves.values() for x in curve})
    ys = [y for curve in curves.values() for y in curve.values()]
    low, high = math.floor(math.log2(min(ys))), math.ceil(math.log2(max(ys)))
    first, last = math.log(xs[0]), math.log(xs[-1])

    def at_x(x: int) -> float:
        return (math.log(x) - first) / (last - first) * _WIDTH

    def at_y(y: float) -> float:
        return _HEIGHT - (math.log2(y) - low) / (high - low) * _HEIGHT

    parts = [_text(_WIDTH / 2, -20, title, size=15), _text(_WIDTH / 2, _HEIGHT + 40, axis)]
    for power in range(low, high + 1):
        y = at_y(2**power)
        parts.append(f'<line x1="0" x2="{_WIDTH}" y1="{y:.0f}" y2="{y:.0f}" stroke="#dddddd"/>')
        parts.append(_text(-6, y + 4, f"{2**power} µs", "end"))
    parts += [_text(at_x(x), _HEIGHT + 20, f"{x:,}") for x in xs]
    for number, (name, curve) in enumerate(curves.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        points = " ".join(f"{at_x(x):.1f},{at_y(y):.1f}" for x, y in sorted(curve.items()))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{at_x(x):.1f}" cy="{at_y(y):.1f}" r="3" fill="{colour}"/>' for x, y in curve.items()]
        y = _HEIGHT + 60 + 15 * number
        parts.append(f'<line x1="0" x2="20" y1="{y - 4}" y2="{y - 4}" stroke="{colour}" stroke-width="2"/>')
        parts.append(_text(28, y, name, "start"))
    return parts
