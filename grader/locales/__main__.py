"""`python -m grader.locales`: brings the catalogues in step with the code, compiles them, and says what is left to translate."""

from __future__ import annotations

import sys

from grader.locales.catalogue import TRANSLATED, path_of, untranslated, update


def main() -> int:
    """Update and compile all catalogues: 1 where texts are left to translate, 2 where one cannot be taken out of the code."""
    left = 0
    for language in TRANSLATED:
        try:
            missing = untranslated(update(language))
        except ValueError as problem:
            print(f"grader/{problem}", file=sys.stderr)
            return 2
        left += len(missing)
        print(f"{path_of(language)}: {len(missing) or 'nothing'} to translate", *missing, sep="\n  ")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
