"""What the server decides: one noun a file, plain functions of a connection, the day and values.

An expected refusal is returned, so that what was counted on the way is kept; an exception undoes
the whole request.
"""
