"""One measure per file: what was said and expected in, a number under any weights out."""

__all__: list[str] = []
