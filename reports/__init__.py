"""Findings and analyses as terminal text, JSON, Markdown, PDF, HTML, JUnit and SARIF: pure functions of one result object."""
