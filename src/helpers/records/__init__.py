"""Raw bytes to articles: PubMed XML, reference files, journal metric files."""
