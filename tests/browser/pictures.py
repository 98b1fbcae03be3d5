"""Puts the pictures of the README into docs/images: what the browser tests saw last, in few colours, so that the files are small.

    pytest tests/browser && python tests/browser/pictures.py
"""

import sys
from pathlib import Path

from PIL import Image

KIT = Path(__file__).resolve().parents[2]
SEEN, SHOWN = KIT / "build" / "screenshots", KIT / "docs" / "images"
MOST_BYTES = 150_000


def main() -> None:
    seen = sorted(SEEN.glob("readme-*.png"))
    if not seen:
        sys.exit(f"{SEEN}: no pictures for the README here; run `pytest tests/browser` first")
    SHOWN.mkdir(parents=True, exist_ok=True)
    for path in seen:
        target = SHOWN / path.name.removeprefix("readme-")
        with Image.open(path) as picture:
            picture.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(target, optimize=True)
        size = target.stat().st_size
        print(f"{target.relative_to(KIT)}: {size:,} bytes")
        if size > MOST_BYTES:
            sys.exit(f"{target}: more than {MOST_BYTES:,} bytes")


if __name__ == "__main__":
    main()
