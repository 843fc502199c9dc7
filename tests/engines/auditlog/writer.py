"""A child process that does deeds on a database until it is killed; prints the act's number after each commit.

Usage: python -m tests.engines.auditlog.writer DATABASE
"""

import os
import sys

from mifeng.engines import auditlog

from .samples import SqliteLog, entry

BATCH = 5


def main(path: str) -> None:
    log = SqliteLog(path)
    execute = log.connection.execute
    execute("PRAGMA synchronous = FULL")
    number = execute("SELECT count(*) FROM act").fetchone()[0]
    while True:
        execute("BEGIN IMMEDIATE")
        for _ in range(BATCH):
            execute(auditlog.OPEN_ENTRY)
            execute("INSERT INTO act VALUES (?, 'done')", (number,))
            auditlog.append(log, entry(number))
            number += 1
        execute("COMMIT")
        # Acknowledged only now: what stands on the pipe must never be lost.
        os.write(1, b"%d\n" % number)


if __name__ == "__main__":
    main(sys.argv[1])
