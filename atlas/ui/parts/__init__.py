"""Components shared by pages: charts, key figures, labels, printing, what a screen reader is told, safe Markdown."""
