#!/usr/bin/python3
"""Writes what a package is made of: every crate built into the program for one target, and the text of every licence.

    packaging/licences.py TARGET OUT

Reads the locked versions and the files of the crates themselves. A crate without a licence file gets the usual text of the
Apache License or of MIT, with its authors, if it offers one of them; otherwise this fails.
"""

import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
NAME = re.compile(r"(un)?licen[cs]e|copying|copyright|notice|patents", re.IGNORECASE)
# These ask for no text beside a program.
FREE_IN_PROGRAMS = {"0BSD", "BSL-1.0", "CC0-1.0", "MIT-0", "Unlicense"}
RULE = "-" * 100


class Notices:
    """The texts of licences, and what each is for. Texts that differ in blanks and line ends only are one."""

    def __init__(self):
        self.texts = {}

    def add(self, text, name):
        _, names = self.texts.setdefault(" ".join(text.split()), (text.strip(), []))
        if name not in names:
            names.append(name)

    def entries(self):
        return self.texts.values()


def built_in(target):
    """The packages of the program itself, without those that only build or test it."""
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--filter-platform", target]
    metadata = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
    packages = {package["id"]: package for package in metadata["packages"]}
    needs = {
        node["id"]: [dep["pkg"] for dep in node["deps"] if any(kind["kind"] is None for kind in dep["dep_kinds"])]
        for node in metadata["resolve"]["nodes"]
    }
    root = metadata["resolve"]["root"]
    found, waiting = set(), [root]
    while waiting:
        package = waiting.pop()
        if package not in found:
            found.add(package)
            waiting += needs[package]
    return sorted((packages[package] for package in found - {root}), key=lambda p: (p["name"], p["version"]))


def is_licence(path):
    folders = {parent.name.lower() for parent in path.parents}
    beside_fonts = "fonts" in folders and path.suffix == ".txt"
    in_folder = path.parent.name.lower() in ("licenses", "licences")
    is_text = path.suffix.lower() not in (".rs", ".c", ".h", ".go", ".py", ".pl", ".sh", ".json", ".html", ".toml")
    return path.is_file() and is_text and (bool(NAME.match(path.name)) or beside_fonts or in_folder)


def texts(folder):
    return [path.read_text(encoding="utf-8", errors="replace") for path in sorted(folder.rglob("*")) if is_licence(path)]


def usual_texts(package):
    offered = set(re.findall(r"[\w.-]+", package["license"] or ""))
    if offered & FREE_IN_PROGRAMS:
        return []
    if "Apache-2.0" in offered:
        return [(ROOT / "LICENSE-APACHE").read_text()]
    if "MIT" in offered:
        owners = ", ".join(package["authors"]) or f"the authors of {package['name']}"
        return [re.sub(r"Copyright .*", f"Copyright (c) {owners}", (ROOT / "LICENSE-MIT").read_text(), count=1)]
    sys.exit(f"error: no text of the licence of {package['name']}, {package['license']}")


def text_of_page(path):
    """The words of a page of Rust's own documents."""
    page = re.sub(r"<[^>]*>", "", path.read_text(encoding="utf-8"))
    return re.sub(r"\n\s*\n+", "\n\n", page.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")).strip()


def main():
    target, out = sys.argv[1], pathlib.Path(sys.argv[2])
    lines, notices = [], Notices()
    for path in (ROOT / "LICENSE-MIT", ROOT / "LICENSE-APACHE"):
        notices.add(path.read_text(), "SkyBackup")
    for package in built_in(target):
        name = f"{package['name']} {package['version']}"
        lines.append(f"{name}: {package['license'] or package['license_file']}")
        for text in texts(pathlib.Path(package["manifest_path"]).parent) or usual_texts(package):
            notices.add(text, name)
    for path in sorted((ROOT / "assets" / "fonts").glob("LICENSE-*.txt")):
        font = path.stem.removeprefix("LICENSE-")
        lines.append(f"{font}: see below")
        notices.add(path.read_text(), font)
    sysroot = pathlib.Path(subprocess.run(["rustc", "--print", "sysroot"], check=True, stdout=subprocess.PIPE, text=True).stdout.strip())
    pages = sysroot / "share" / "doc" / "rust" / "COPYRIGHT-library.html"
    lines.append("the standard library of Rust: MIT OR Apache-2.0, and others")
    if pages.is_file():
        notices.add(text_of_page(pages), "the standard library of Rust")

    with out.open("w", encoding="utf-8") as file:
        file.write("SkyBackup is licensed under MIT OR Apache-2.0. It is made of these components, whose licences follow.\n\n")
        file.write("\n".join(lines) + "\n")
        for text, names in notices.entries():
            file.write(f"\n{RULE}\n{', '.join(names)}\n{RULE}\n\n{text}\n")
    print(f"{len(lines)} components and their licences in {out}")


main()
