"""Draws the icons: two lines that stray and come back, as in the page's header. Standard library alone.

Run in this folder: python3 draw_icons.py
"""

import struct
import zlib

GROUND = (15, 19, 24)
LINES = [
    ((232, 163, 61), [(1, 10), (5, 4), (9, 7), (15, 2)]),
    ((86, 180, 233), [(1, 14), (5, 10), (9, 12), (15, 9)]),
]
WIDTH = 1.5
SAMPLES = 4


def distance(px, py, a, b):
    ax, ay = a
    dx, dy = b[0] - ax, b[1] - ay
    t = max(0.0, min(1.0, ((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy)))
    return ((px - ax - t * dx) ** 2 + (py - ay - t * dy) ** 2) ** 0.5


def colour(x, y):
    """Colour at a point of the 16 by 16 drawing."""
    for rgb, points in LINES:
        if any(distance(x, y, a, b) <= WIDTH / 2 for a, b in zip(points, points[1:])):
            return rgb
    return GROUND


def inside(x, y, radius):
    """Whether a point of the unit square is within its rounded corners."""
    dx = max(radius - x, x - (1 - radius), 0)
    dy = max(radius - y, y - (1 - radius), 0)
    return dx * dx + dy * dy <= radius * radius


def png(size, margin, radius):
    rows = []
    for row in range(size):
        line = bytearray([0])
        for column in range(size):
            total, covered = [0, 0, 0], 0
            for sub in range(SAMPLES * SAMPLES):
                x = (column + (sub % SAMPLES + 0.5) / SAMPLES) / size
                y = (row + (sub // SAMPLES + 0.5) / SAMPLES) / size
                if not inside(x, y, radius):
                    continue
                covered += 1
                scale = 16 / (1 - 2 * margin)
                for place, value in enumerate(colour((x - margin) * scale, (y - margin) * scale)):
                    total[place] += value
            line += bytes(round(value / covered) if covered else 0 for value in total)
            line.append(round(255 * covered / SAMPLES**2))
        rows.append(bytes(line))

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"".join(rows), 9))
        + chunk(b"IEND", b"")
    )


def svg():
    def path(points):
        return "M" + " L".join(f"{x} {y}" for x, y in points)

    lines = "".join(
        f'<path d="{path(points)}" stroke="rgb{rgb}"/>' for rgb, points in LINES
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -2 20 20">'
        f'<rect x="-2" y="-2" width="20" height="20" rx="4" fill="rgb{GROUND}"/>'
        f'<g fill="none" stroke-width="{WIDTH}" stroke-linecap="round" stroke-linejoin="round">{lines}</g></svg>\n'
    )


for name, size, margin, radius in [
    ("icon-192", 192, 0.1, 0.2),
    ("icon-512", 512, 0.1, 0.2),
    ("icon-maskable-512", 512, 0.2, 0.0),
]:
    with open(f"icons/{name}.png", "wb") as file:
        file.write(png(size, margin, radius))
with open("icons/icon.svg", "w") as file:
    file.write(svg())
