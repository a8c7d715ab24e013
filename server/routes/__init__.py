"""Where requests come in: one audience a file; a view asks one service and shapes the answer."""
