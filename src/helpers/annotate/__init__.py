"""Articles to mentions to evidence, by the vocabulary."""
