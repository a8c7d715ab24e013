"""The Python client: what peers, providers and admins run on their own devices."""
