"""Engines: cryptography, logs, marks and text. They know nothing of offices and nothing of one another."""
