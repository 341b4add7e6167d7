"""Finds traces of a secret in files and in the memory of a process: in any of its forms, and also in parts.

Nothing here runs in the process that is searched, so a search never finds its own copies.
"""

import base64
import os
import subprocess
import tempfile
import urllib.parse

# So many bytes in a row are a trace.
RUN = 16
# Any run of 16 bytes holds a whole block of 6 that begins at a multiple of 11.
BLOCK, STEP = 6, 11
CHUNK = 32 * 1024 * 1024
PAGE = 4096


def forms(text):
    """Every way in which bytes can carry the text, by name."""
    data = text.encode("ascii")
    found = {
        "raw": data,
        "utf-16": text.encode("utf-16-le"),
        "hex": data.hex().encode(),
        "HEX": data.hex().upper().encode(),
        "percent": urllib.parse.quote(text, safe="").encode(),
        "percent, every byte": "".join(f"%{b:02X}" for b in data).encode(),
        "decimals": ", ".join(map(str, data)).encode(),
        "decimals, close": ",".join(map(str, data)).encode(),
        "decimals, apart": " ".join(map(str, data)).encode(),
    }
    for offset in range(3):
        whole = bytes(offset) + data
        # Only the digits that no neighbour has a part in.
        first, end = -(-offset * 8 // 6), len(whole) * 8 // 6
        for name, encode in (("base64", base64.b64encode), ("base64url", base64.urlsafe_b64encode)):
            found[f"{name} at {offset}"] = encode(whole)[first:end]
    return found


class Search:
    """Looks for traces of some secrets, given as name and text."""

    def __init__(self, secrets):
        self.needles = {}
        for name, text in secrets.items():
            for form, data in forms(text).items():
                for at in range(0, len(data) - BLOCK + 1, STEP):
                    self.needles.setdefault(data[at:at + BLOCK], []).append((name, form, data, at))
        self.patterns = tempfile.NamedTemporaryFile(prefix="patterns-")
        self.patterns.write(b"\n".join(self.needles))
        self.patterns.flush()

    def traces(self, data):
        """The traces in these bytes, as a set of (secret, form, place)."""
        command = ["grep", "--text", "--only-matching", "--byte-offset", "--fixed-strings", "--file", self.patterns.name]
        blocks = subprocess.run(command, input=data, stdout=subprocess.PIPE, env={**os.environ, "LC_ALL": "C"})
        if blocks.returncode > 1:
            raise OSError(f"grep ended with code {blocks.returncode}")
        found = set()
        for line in blocks.stdout.split(b"\n")[:-1]:
            at, needle = line.split(b":", 1)
            at = int(at)
            for name, form, whole, offset in self.needles[needle]:
                before, after = 0, BLOCK
                while before < min(offset, at) and data[at - before - 1] == whole[offset - before - 1]:
                    before += 1
                while offset + after < len(whole) and at + after < len(data) and data[at + after] == whole[offset + after]:
                    after += 1
                if before + after >= RUN:
                    found.add((name, form, at - before))
        return found

    def in_files(self, folder):
        """The traces in every file below a folder, and in the names, as (secret, form, path); and how many files were read."""
        found, count = set(), 0
        for place, folders, files in os.walk(folder):
            for name in folders + files:
                path = os.path.join(place, name)
                found |= {(secret, form, path) for secret, form, _ in self.traces(os.fsencode(name))}
                if os.path.isfile(path) and not os.path.islink(path):
                    with open(path, "rb") as file:
                        found |= {(secret, form, path) for secret, form, _ in self.traces(file.read())}
                    count += 1
        return found, count

    def in_memory(self, pid):
        """The traces in all readable memory of a process, as (secret, form, address); and how many bytes were read."""
        found, count = set(), 0
        with open(f"/proc/{pid}/maps", encoding="utf-8", errors="replace") as lines:
            maps = [line.split() for line in lines]
        memory = os.open(f"/proc/{pid}/mem", os.O_RDONLY)
        try:
            for area, rights, *rest in maps:
                if "r" not in rights or (len(rest) > 3 and rest[3] in ("[vvar]", "[vvar_vclock]", "[vsyscall]")):
                    continue
                start, end = (int(part, 16) for part in area.split("-"))
                for chunk in range(start, end, CHUNK):
                    try:
                        data = os.pread(memory, min(CHUNK + PAGE, end - chunk), chunk)
                    except OSError:
                        # Memory of a device; nothing of this program writes there.
                        continue
                    count += len(data)
                    if data.count(0) != len(data):
                        found |= {(secret, form, chunk + at) for secret, form, at in self.traces(data)}
        finally:
            os.close(memory)
        return found, count


def neighbourhood(pid, address, around=96):
    """What is around an address in the memory of a process, to find out whose it is."""
    with open(f"/proc/{pid}/maps", encoding="utf-8", errors="replace") as lines:
        name = next((line.strip() for line in lines
                     if int(line.split("-")[0], 16) <= address < int(line.split()[0].split("-")[1], 16)), "gone")
    memory = os.open(f"/proc/{pid}/mem", os.O_RDONLY)
    try:
        return f"{address:x} in {name}: {os.pread(memory, 2 * around, address - around)!r}"
    except OSError as error:
        return f"{address:x} in {name}: {error}"
    finally:
        os.close(memory)
