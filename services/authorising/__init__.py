"""May a till take this? Asked while the line is there: carry (till's agent) and grant (head office)."""
