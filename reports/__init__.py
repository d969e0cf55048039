"""One outcome, many renderings: pure functions of the one result object of a check.

Rooms: document (the report as a tree) <- build (puts the chapters together) <- chapters/ (one per part of a report)
and figures/ (data that can draw itself). Renderers of the tree: markdown; html, with html_inline, html_filter,
assets/report.css and report.js; pdf, with fonts, breaks (of long words), contents (what a table of contents names)
and assets/report.typ. Renderers of the outcome: terminal, explained (with limits), as_json, junit, sarif, github,
crate; of reports as read: reading. words (signs and colours), places, plain (text made inert), prose (sentences of
the engine), whole (a file whole or not at all), write (the report), answered (the report of an analysis that stands
alone), analysed (an analysis read from a file), published (the schema of the JSON, in schema/).

Public face: `reports.write.write_all`, `reports.markdown.render_markdown`, `reports.html.render_html`,
`reports.pdf.render_pdf`.
"""
