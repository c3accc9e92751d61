"""Findings in words: one table from code to sentence, spoken by the command line, the service menu and the service report."""

from kiosk.findings.words import FindingWords

__all__ = ["FindingWords"]
