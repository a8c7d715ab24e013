"""The commands: what is asked, shown and printed. What is done stands in `client.flows`."""
