"""Tests of the engine; `one_assertion` is what several of them share."""
