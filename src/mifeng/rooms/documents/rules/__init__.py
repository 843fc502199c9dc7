"""Rules on items, by noun: scope (who may know), classification (which level), terms (until when), storage (how kept)."""
