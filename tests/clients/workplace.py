"""A folder to run a notebook in: the notebook is a copy, so that no client changes the repository's."""

from pathlib import Path

import nbformat

from languages import Language

REPOSITORY = Path(__file__).resolve().parents[2]
CHAPTER = REPOSITORY / "notebooks" / "01-tokenizer.ipynb"


def prepare(folder: Path, cells: Language) -> Path:
    """Chapter 1, beside what it loads; for another language a notebook of two cells. Returns the notebook's path."""
    notebooks = folder / "notebooks"
    notebooks.mkdir()
    path = notebooks / CHAPTER.name
    if cells.name == "C#":
        path.write_bytes(CHAPTER.read_bytes())
        for name in "lib", "data", "tests", "notebooks/pictures":
            (folder / name).symlink_to(REPOSITORY / name)
    else:
        notebook = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}})
        notebook.cells = [nbformat.v4.new_code_cell(code) for code in (cells.write_to_stdout, cells.display)]
        nbformat.write(notebook, path)
    return path
