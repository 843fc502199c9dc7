"""文件: every secret paper as an item with level, term, scope of knowledge and history.

From registration (protected at once as 拟密) through classification by three questions, approval, marking, changes of
level, term and scope, to 到期待审 and release to 内部. Copies on paper are the room `copies`; reading pages is `viewing`.
State secrets (国家秘密) are registered as paper only: no upload, no text, no title beyond the envelope's.

Clauses: P0.2 P0.3 P1.1 P1.2 D2 (scope) · P3.1 S1-S8 K1.0-K2.3 A1 A3 T0 T3 G2 C6.1 (classification) · P4.0-P4.3 (terms) ·
T4 C10.2 (storage). Registers: F08 定密, F09 变更与解密. `rules` and `actions` are packages, one noun a file.
"""
