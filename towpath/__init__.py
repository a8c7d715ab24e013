"""The one place where client and server meet: the command `towpath`. Nothing imports it."""
