"""What tills reckon by: taxes, tenders, ranges of codes, programmes of points and stamps."""
