"""Placeholder until its routes are written."""

from __future__ import annotations

from flask import Blueprint

public = Blueprint("public", __name__)
