"""Each screen's main task in Chromium, done twice: by mouse, and by keyboard alone."""
