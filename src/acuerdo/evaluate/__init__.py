"""Experiments: scorers as arms, one measure per file, resampling, tables and figures."""

__all__: list[str] = []
