"""The command line: one file per command."""

from acuerdo.cli.app import main

__all__ = ["main"]
