"""Training of predictors: run files in, run folders out."""

__all__: list[str] = []
