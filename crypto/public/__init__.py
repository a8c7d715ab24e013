"""What a server may do: check, hash, cover. Nothing here opens a sealed thing."""
