"""Bytes in, bytes out: everything that Towpath seals, opens, signs, checks and derives.

The normative text is docs/spec/. `crypto.public` is what a server may do, `crypto.client` what
only people's devices do. No clock, environment, file, network or database: the day (an epoch)
and randomness are arguments.
"""
