"""The only network code: Entrez and optional services, raw bytes to disk."""
