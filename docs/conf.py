"""The site of these pages: `sphinx-build -W docs site` writes it; nothing in it is loaded from outside."""

project = "dl-grader"
author = "the dl-grader authors"
extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 4
suppress_warnings = ["misc.highlighting_failure"]  # sketches with … and unfinished YAML are no code
exclude_patterns = ["images/*.md"]
html_theme = "furo"
html_title = "dl-grader"
html_copy_source = False
html_show_sphinx = html_show_copyright = False
