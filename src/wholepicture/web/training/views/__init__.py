"""Thin views of training."""
