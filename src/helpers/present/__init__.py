"""Tables to figures, HTML, workbooks and reference lists; the only plotting code."""
