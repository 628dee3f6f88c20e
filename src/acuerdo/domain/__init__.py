"""Frozen values; no input or output."""
