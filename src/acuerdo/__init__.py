"""Find agreement among people with diverse views."""
