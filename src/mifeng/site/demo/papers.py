"""The forty papers of the demonstration company: read, set as PDF (registered) and as docx (to try uploads with).

    told = paper("DOC-008")
    pdf(told)[:5] == b"%PDF-"
"""

from pathlib import Path

from mifeng.site.demo.reading import Block, Paper, ids, paper
from mifeng.site.demo.sheets import pdf
from mifeng.site.demo.word_file import docx

__all__ = ["Block", "Paper", "docx", "ids", "paper", "pdf", "write_all"]


def write_all(folder: Path) -> list[Path]:
    """Write every paper as PDF and as docx into the folder, which is made; return the files in order."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for doc_id in ids():
        told = paper(doc_id)
        for ending, content in (("pdf", pdf(told)), ("docx", docx(told))):
            file = folder / f"{doc_id}_{told.title}.{ending}"
            file.write_bytes(content)
            written.append(file)
    return written
