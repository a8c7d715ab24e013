"""The browser's modules beside the product: each opens and refuses what the other made."""
