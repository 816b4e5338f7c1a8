# SPDX-License-Identifier: MIT
"""The contact sheet: pictures with the class the NPU chose, on the terminal and as a PNG."""

import numpy
from PIL import Image, ImageDraw, ImageFont

import dataset
from demonstration import terminal

COLUMNS, ROWS = 10, 10
SCALE = 3
GAP = 12
CAPTION = 26
MARGIN = 24
TITLE = 18
PAPER, INK = (250, 250, 248), (40, 40, 40)
RIGHT, WRONG = (24, 120, 60), (190, 40, 40)

TERMINAL_COLUMNS, TERMINAL_ROWS = 6, 2
TERMINAL_SIDE = 14
# Of the 256-colour palette: black, 24 greys, white.
GREYS = (16, *range(232, 256), 231)
LETTERS = " .:-=+*#%@"


def png_cell(draw, image, place, picture, chosen, label):
    """One picture and its caption."""
    x, y = place
    side = dataset.PICTURE_SIDE * SCALE
    shown = Image.fromarray(255 - picture).resize((side, side), Image.Resampling.LANCZOS)
    image.paste(shown.convert("RGB"), (x, y))
    colour = RIGHT if chosen == label else WRONG
    draw.rectangle((x - 2, y - 2, x + side + 1, y + side + 1), outline=colour)
    font = ImageFont.load_default(11)
    draw.text((x, y + side + 3), dataset.CLASSES[chosen], fill=colour, font=font)
    if chosen != label:
        draw.text((x, y + side + 14), f"is {dataset.CLASSES[label]}", fill=INK, font=font)


def write_png(path, pictures, chosen, labels, title):
    """The first hundred pictures."""
    step_x = dataset.PICTURE_SIDE * SCALE + GAP
    step_y = dataset.PICTURE_SIDE * SCALE + CAPTION + GAP
    size = (2 * MARGIN + COLUMNS * step_x - GAP, 2 * MARGIN + ROWS * step_y + TITLE - GAP)
    image = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(image)
    draw.text((MARGIN, MARGIN // 2), title, fill=INK, font=ImageFont.load_default(14))
    for number in range(min(COLUMNS * ROWS, len(pictures))):
        place = (MARGIN + number % COLUMNS * step_x, MARGIN + TITLE + number // COLUMNS * step_y)
        png_cell(draw, image, place, pictures[number], chosen[number], labels[number])
    image.save(path, optimize=True)


def shrink(picture):
    """Half the size, by averaging."""
    side = TERMINAL_SIDE
    factor = dataset.PICTURE_SIDE // side
    return picture.reshape(side, factor, side, factor).mean(axis=(1, 3))


def half_blocks(picture):
    """Two rows of pixels per line of text: the upper half in the letter's colour, the lower in the background's."""
    grey = numpy.asarray(GREYS)[(shrink(picture) * len(GREYS) / 256).astype(int)]
    return ["".join(f"\x1b[38;5;{upper};48;5;{lower}m▀" for upper, lower in zip(*pair)) + terminal.RESET
            for pair in zip(grey[0::2], grey[1::2])]


def letters(picture):
    """The same where there are no colours."""
    small = shrink(picture).reshape(-1, 2, TERMINAL_SIDE).mean(axis=1)
    return ["".join(LETTERS[int(value * len(LETTERS) / 256)] for value in row) for row in small]


def terminal_captions(chosen, label):
    """Two lines as wide as a picture."""
    good = chosen == label
    mark, paint = ("✓", terminal.good) if good else ("✗", terminal.bad)
    first = f"{mark} {dataset.CLASSES[chosen]}"
    second = "" if good else f"  {dataset.CLASSES[label]}"
    return [paint(f"{first:<{TERMINAL_SIDE}.{TERMINAL_SIDE}}"), f"{second:<{TERMINAL_SIDE}.{TERMINAL_SIDE}}"]


def for_terminal(pictures, chosen, labels):
    """Text lines with the first dozen pictures."""
    draw = half_blocks if terminal.COLOURS else letters
    lines = []
    for row in range(TERMINAL_ROWS):
        numbers = range(row * TERMINAL_COLUMNS, (row + 1) * TERMINAL_COLUMNS)
        cells = [draw(pictures[n]) + terminal_captions(chosen[n], labels[n]) for n in numbers if n < len(pictures)]
        lines += ["  " + "  ".join(parts) for parts in zip(*cells)]
    return [line.rstrip() for line in lines]
