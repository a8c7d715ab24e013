"""Makes docs/spec/vectors: the formats once more, written from docs/spec and apart from crypto/."""
