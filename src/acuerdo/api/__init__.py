"""Whole programs as functions: what `import acuerdo`, the command line and the server share."""
