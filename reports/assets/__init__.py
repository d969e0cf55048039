"""Files that renderers read: the typst template of the PDF, style sheet and script of the HTML page."""
