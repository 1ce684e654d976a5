"""Draws what a terminal showed, from standard input, as SVG, with Rich (https://github.com/Textualize/rich)."""

import io
import re
import sys

from rich.console import Console
from rich.text import Text

width, title = int(sys.argv[1]), sys.argv[2]
console = Console(record=True, width=width, file=io.StringIO())
console.print(Text.from_ansi(sys.stdin.read()), soft_wrap=True)
svg = console.export_svg(title=title, unique_id="recording")
# Fonts of another site are not loaded inside of an image.
svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
print(re.sub(r"Fira Code", "ui-monospace", svg))
