"""What only people's devices do: make secrets, seal and open. The server never imports this."""
