"""Experiments with drafts: arms, measures, tables and figures."""
