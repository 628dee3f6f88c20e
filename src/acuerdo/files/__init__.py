"""Files that are whole or not there at all."""

from acuerdo.files.whole import beside, whole_file, write_whole

__all__ = ["beside", "whole_file", "write_whole"]
