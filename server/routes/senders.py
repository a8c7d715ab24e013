"""Placeholder until its routes are written."""

from __future__ import annotations

from flask import Blueprint

senders = Blueprint("senders", __name__)
