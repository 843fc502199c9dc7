"""Tests of the vault engine."""
