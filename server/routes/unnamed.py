"""Placeholder until its routes are written."""

from __future__ import annotations

from flask import Blueprint

unnamed = Blueprint("unnamed", __name__)
