"""Small invented exports, written where a test wants them."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

COMMENTS = """\
timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body
1700000000,x,0,a,2,1,1,We should plant trees along the main street.
1700000001,x,1,b,0,2,0,The buses are late and that is not fair.
1700000002,x,2,a,1,0,-1,Buy my lemonade!
1700000003,x,3,c,1,1,1,"A square, not a car park.
With benches."
"""
VOTES = """\
timestamp,datetime,comment-id,voter-id,vote
1700000010,x,0,a,1
1700000011,x,0,b,1
1700000012,x,0,c,-1
1700000013,x,0,d,1
1700000014,x,1,a,-1
1700000015,x,1,c,-1
1700000016,x,2,b,1
1700000017,x,3,a,1
1700000018,x,3,b,-1
1700000019,x,3,d,0
"""
SUMMARY = """\
topic,Main street
url,http://example.org
conversation-description,What should **become** of   it?
"""
EXPORT: Mapping[str, str] = {
    "comments.csv": COMMENTS,
    "votes.csv": VOTES,
    "summary.csv": SUMMARY,
}
TREES = "We should plant trees along the main street."
BUSES = "The buses are late and that is not fair."
SQUARE = "A square, not a car park.\nWith benches."
EXPECTED = {
    ("b", TREES): 1.0,
    ("c", TREES): -1.0,
    ("a", BUSES): -1.0,
    ("c", BUSES): -1.0,
    ("a", SQUARE): 1.0,
    ("b", SQUARE): -1.0,
}
"""Votes of authors on others' statements; the rejected comment 2 is judged by nobody."""


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """Write the files into a new folder."""
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def pack(path: Path, files: Mapping[str, str]) -> Path:
    """Write the files into a ZIP archive, inside a folder of their own."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(f"export/{name}", text)
    return path
