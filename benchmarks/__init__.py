"""Measurements behind the claims about speed; none of them runs with the tests."""
