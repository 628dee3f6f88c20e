"""Files that a kill or a full disk leaves whole: replaced at once, or added to line by line."""

from acuerdo.files.appending import append_lines
from acuerdo.files.whole import beside, whole_file, write_whole

__all__ = ["append_lines", "beside", "whole_file", "write_whole"]
