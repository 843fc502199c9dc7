"""Sign-in: password, second factor, codes, the lock. Deeds are the people room's."""
