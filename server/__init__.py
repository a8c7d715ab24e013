"""The server: carries sealed bytes, and has no way in to the half of crypto that opens them."""
