"""One outcome, many renderings: pure functions of the one result object of a check.

Rooms: document (the report as a tree) <- build (puts the chapters together) <- chapters/ (one per part of a report)
and figures/ (data that can draw itself). Renderers of the tree: markdown, html (with html_filter and assets/), pdf
(with fonts and assets/report.typ). Renderers of the outcome: terminal, as_json, junit, sarif, github, crate.
words (signs and colours), plain (text made inert), write (files, whole or not at all), schema/ (published schema).

Public face: `reports.write.write_all`, `reports.markdown.render_markdown`, `reports.html.render_html`,
`reports.pdf.render_pdf`.
"""
