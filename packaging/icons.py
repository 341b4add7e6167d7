#!/usr/bin/python3
"""Makes the icons of all systems from assets/icon.svg: PNG files of every size, one .ico and one .icns.

    packaging/icons.py OUT     leaves OUT/<size>.png, OUT/icon.ico and OUT/skybackup.icns

assets/icon.ico is a copy of that .ico, because the program for Windows is built with it.

Needs rsvg-convert (Debian: librsvg2-bin).
"""

import pathlib
import struct
import subprocess
import sys

SVG = pathlib.Path(__file__).resolve().parent.parent / "assets" / "icon.svg"
# The sizes of the hicolor icon theme.
LINUX_SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
WINDOWS_SIZES = (16, 20, 24, 32, 40, 48, 64, 256)
# Kinds of a picture within an .icns file that hold PNG, with their width. The same width stands twice: for a size, and for half
# that size on a screen with double resolution. 16 and 32 without that doubling have no kind that every macOS reads as PNG.
MAC_KINDS = (("ic11", 32), ("ic12", 64), ("ic07", 128), ("ic13", 256), ("ic08", 256), ("ic14", 512), ("ic09", 512), ("ic10", 1024))


def png(size, out):
    path = out / f"{size}.png"
    subprocess.run(["rsvg-convert", "--width", str(size), "--height", str(size), "--output", path, SVG], check=True)
    return path.read_bytes()


def ico(pictures):
    """A directory of pictures, then the pictures; a width of 256 is written as 0."""
    place = 6 + 16 * len(pictures)
    directory, data = struct.pack("<HHH", 0, 1, len(pictures)), b""
    for size, picture in pictures:
        directory += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(picture), place + len(data))
        data += picture
    return directory + data


def icns(pictures):
    """Each picture after its kind and its length; the length counts its own header."""
    data = b"".join(kind.encode() + struct.pack(">I", 8 + len(picture)) + picture for kind, picture in pictures)
    return b"icns" + struct.pack(">I", 8 + len(data)) + data


def main():
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    sizes = {*LINUX_SIZES, *WINDOWS_SIZES, *(size for _, size in MAC_KINDS)}
    pictures = {size: png(size, out) for size in sorted(sizes)}
    (out / "icon.ico").write_bytes(ico([(size, pictures[size]) for size in WINDOWS_SIZES]))
    (out / "skybackup.icns").write_bytes(icns([(kind, pictures[size]) for kind, size in MAC_KINDS]))


main()
