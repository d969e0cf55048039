"""Reads reports: .txt, .md, .html and .pdf -> report cards with their mentions.

Room plan
---------
document      a file as numbered lines, or one clear error
markup        the same for HTML
pdf           the same for PDF
wraps         undoes line wraps, decides about hyphens
sections      headings; lines -> sections
marks         ticks, crosses and confidences
cells         what each line of a claim table is
blocks        where one claim ends and the next begins
shapes        which lines make one claim, and which marks belong to it
rows          rows of a claims section; what was not understood
fields        title, date, question, counts, references, cut texts
card          the report card; `read_report`, `read_reports`
"""

from claims.reading.card import read_report, read_reports

__all__ = ["read_report", "read_reports"]
