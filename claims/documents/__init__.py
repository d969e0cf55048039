"""Where people print numbers: the visible text of a paper, page or notebook, with the way back to line and column.

Room plan
---------
visible      Visible: text as a reader sees it, each character with its offset in the source
latex        LaTeX source -> Visible
latex_words  what commands and environments print, as tables
latex_macros     definitions of an author's macros
latex_expansion  groups, macro expansion and footnotes of a LaTeX reading
markup       Markdown and HTML source -> Visible
container    notebook and PDF -> Visible
reader       the right reader by file suffix; limits and errors
numbers      every number that a document prints, and the rules that set some aside
bindings     claims bound to places in the text: every place must print the same number
tables       LaTeX and Markdown tables as rows of cells
"""
