"""One verb a file; `main(argv) -> int` is the verb. Exit 0 done, 1 refused or found, 2 misuse, 3 a part is missing."""
