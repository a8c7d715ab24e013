"""Scripts that make or check committed files; nothing of the product imports them."""
