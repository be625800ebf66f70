"""Ytterby: a workbench for the security of supply of rare earths and other critical minerals."""
