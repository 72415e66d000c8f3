"""How Sphinx builds the site from the pages that `docs.build` made; it executes nothing and fetches nothing."""

# Where this course lies, once everybody may read it: "https://github.com/somebody/course". Set it here, and each
# lesson's page has a link to Binder and a line to clone from.
repository = ""
project = "Transfer learning, live"
author = "The authors of the course"
copyright = "the authors of the course; text and pictures CC BY 4.0, code MIT"
extensions = ["myst_nb", "sphinx-mathjax-offline"]
nb_execution_mode = "off"
nb_render_markdown_format = "myst"
nb_merge_streams = True
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 4
mathjax_path = "mathjax/tex-chtml.js"
html_theme = "furo"
html_title = project
html_static_path = ["static"]
html_css_files = ["page.css"]
html_show_sourcelink = False
html_copy_source = False
html_show_search_summary = False  # it would be fetched, which a browser forbids to a page that is a file
html_theme_options = {"footer_icons": []}
