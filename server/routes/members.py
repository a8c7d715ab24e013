"""Placeholder until its routes are written."""

from __future__ import annotations

from flask import Blueprint

members = Blueprint("members", __name__)
