"""A chart of lines over two logarithmic axes, as SVG."""

import html
import math

WIDTH, HEIGHT = 640, 400
LEFT, RIGHT, TOP, BOTTOM = 70, 170, 40, 50
COLOURS = ["#b3440f", "#1f5fa8", "#3b7d3b", "#7a4fa0"]


def decades(values):
    """The whole powers of ten around them."""
    return math.floor(math.log10(min(values))), max(math.ceil(math.log10(max(values))), math.floor(math.log10(min(values))) + 1)


class Axis:
    def __init__(self, values, begin, end):
        self.first, self.last = decades(values)
        self.begin, self.end = begin, end

    def place(self, value):
        return self.begin + (math.log10(value) - self.first) / (self.last - self.first) * (self.end - self.begin)

    def ticks(self):
        return [10.0 ** power for power in range(self.first, self.last + 1)]


def text(x, y, words, anchor="middle", more=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {more}>{html.escape(words)}</text>'


def line(x1, y1, x2, y2):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#ddd"/>'


def number(value):
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"


def grid(across, up):
    for tick in across.ticks():
        yield line(across.place(tick), TOP, across.place(tick), HEIGHT - BOTTOM)
        yield text(across.place(tick), HEIGHT - BOTTOM + 16, number(tick))
    for tick in up.ticks():
        yield line(LEFT, up.place(tick), WIDTH - RIGHT, up.place(tick))
        yield text(LEFT - 6, up.place(tick) + 4, number(tick), "end")


def curve(points, colour, name, row, across, up):
    places = " ".join(f"{across.place(x):.1f},{up.place(y):.1f}" for x, y in points)
    yield f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="2"/>'
    for x, y in points:
        yield f'<circle cx="{across.place(x):.1f}" cy="{up.place(y):.1f}" r="3" fill="{colour}"/>'
    yield text(WIDTH - RIGHT + 12, TOP + 12 + 18 * row, name, "start", f'fill="{colour}"')


def svg(title, across_label, lines):
    """`lines`: {name: [(x, milliseconds)]}."""
    across = Axis([x for points in lines.values() for x, _ in points], LEFT, WIDTH - RIGHT)
    up = Axis([y for points in lines.values() for _, y in points], HEIGHT - BOTTOM, TOP)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" font-family="sans-serif" font-size="12">',
             f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>', text(WIDTH / 2, 20, title, more='font-weight="bold"'), *grid(across, up)]
    for row, (name, points) in enumerate(lines.items()):
        parts += curve(points, COLOURS[row % len(COLOURS)], name, row, across, up)
    parts += [text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, across_label),
              text(16, HEIGHT / 2, "milliseconds", more=f'transform="rotate(-90 16 {HEIGHT / 2:.0f})"'), "</svg>"]
    return "\n".join(parts) + "\n"
