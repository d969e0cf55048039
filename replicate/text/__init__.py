"""Text to token rows: a Unigram tokenizer in XLM-R's layout, and examples encoded into flat arrays.

Rooms: `unigram` (trains a tokenizer, the same one every time), `pieces` (a tokenizer with XLM-R's special
ids, from a file or the hub), `rows` (the ragged format on the host), `encode` (examples of every kind to
rows), `windows` (questions over long contexts, and answers back from token places), `corpus` (raw text),
`layout` (line ends and indentation as marks), `code` (functions to be written, and programs back from
tokens), `answer` (labels as texts), `shelf` (encoded rows kept on disk).
"""
