"""Placeholder until its routes are written."""

from __future__ import annotations

from flask import Blueprint

vetting = Blueprint("vetting", __name__)
