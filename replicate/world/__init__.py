"""A generated world of six languages in which the whole protocol runs in minutes and without a network.

Rooms: `lexicon` (words, and who goes with what), `facts` (statements and questions as English tokens),
`languages` (the five derived languages), `pairs`, `questions`, `tagging`, `choosing`, `pools`, `domains`,
`programs` (rows in the schema of each hub repository), `procedures` (what a model that writes programs has read),
`place` (the world as a data place and as a text place).

The words and the design follow what is known to matter for transfer in synthetic languages: script alone does
not stop it (K et al. 2020), word order without shared sub-words does (Deshpande et al. 2022), anchors help.
"""
