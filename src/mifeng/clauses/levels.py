"""The words for levels in the regulation's files and the rank each stands for. Ranks are compared; words are read."""

RANKS: dict[str, int] = {
    "public": 0, "internal": 5, "confidential": 10, "highly_confidential": 20, "top_secret": 30,
}  # fmt: skip
NAMES: dict[int, str] = {rank: name for name, rank in RANKS.items()}
WORDS: dict[int, str] = {0: "公开", 5: "内部", 10: "秘密", 20: "机密", 30: "绝密"}


def name_of(level: int | str) -> str:
    """The word of the files for a rank, or the word itself. Raises KeyError for a rank or word that is no level."""
    return NAMES[RANKS[level]] if isinstance(level, str) else NAMES[int(level)]
