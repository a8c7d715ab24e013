"""What people do with a client, step by step, without a screen: every flow is plain functions."""
