"""Trained networks in torch: the only room besides `train` that imports it."""

__all__: list[str] = []
