"""Towpath's protocol written a second time, from docs/spec alone, over pycryptodome.

It runs in .venv-second and imports nothing of Towpath but itself and the worker beside it.
"""
