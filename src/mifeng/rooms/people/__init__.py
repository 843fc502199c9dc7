"""人员: persons, departments, posts, clearances, accounts, devices, appointments (委托), delegations, scopes.

The lowest room, because every entry names a person. It keeps who holds which post since when, who may reach which level,
how somebody proves to be himself, who is entrusted with which of the eight carrier acts, and the audience sets that the
scopes of knowledge (知悉范围) of all items are made of.

Clauses: P2.2 (neutral notices), M1.1 (entrusted persons), I5.2 and I6.1-I6.3 (passwords and accounts), I7.1 and I7.2
(idle sessions). Registers: F24 口令变更记录, F28 委托书. The three officers exclude one another by construction. Machines are
the room `computers`; a device here is a browser that signs in.
"""
