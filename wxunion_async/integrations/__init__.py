"""Bridges to other people's tools; each is loaded when it is imported, and needs the extra of its name."""
