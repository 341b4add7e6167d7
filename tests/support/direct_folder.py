#!/usr/bin/python3
"""Mounts a folder so that its files cannot be mapped into shared memory, as on some network file systems.

    direct_folder.py FOLDER MOUNT_POINT

What is below FOLDER is seen at MOUNT_POINT, by way of FUSE with direct input and output. Ends when it is unmounted
(fusermount3 -u). Needs libfuse3 (Debian: libfuse3-3, fuse3) and the right to mount; nothing else.
"""

import ctypes
import errno
import os
import sys
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_long, c_size_t, c_uint, c_uint32, c_uint64, c_ulong, c_void_p

DIRECT_IO = 2  # The second bit behind the flags of an open file.


class Time(Structure):
    _fields_ = [("second", c_long), ("nanosecond", c_long)]


class Stat(Structure):
    _fields_ = [("dev", c_ulong), ("ino", c_ulong), ("nlink", c_ulong), ("mode", c_uint), ("uid", c_uint), ("gid", c_uint),
                ("_pad", c_int), ("rdev", c_ulong), ("size", c_long), ("blksize", c_long), ("blocks", c_long),
                ("atime", Time), ("mtime", Time), ("ctime", Time), ("_reserved", c_long * 3)]


class OpenFile(Structure):
    _fields_ = [("flags", c_int), ("bits", c_uint), ("_more_bits", c_uint), ("_pad", c_uint), ("fh", c_uint64),
                ("lock_owner", c_uint64), ("poll_events", c_uint32), ("_rest", c_uint32 * 3)]


File = POINTER(OpenFile)
Filler = CFUNCTYPE(c_int, c_void_p, c_char_p, c_void_p, c_long, c_int)
TYPES = {
    "getattr": CFUNCTYPE(c_int, c_char_p, POINTER(Stat), File),
    "mkdir": CFUNCTYPE(c_int, c_char_p, c_uint),
    "unlink": CFUNCTYPE(c_int, c_char_p),
    "rmdir": CFUNCTYPE(c_int, c_char_p),
    "rename": CFUNCTYPE(c_int, c_char_p, c_char_p, c_uint),
    "chmod": CFUNCTYPE(c_int, c_char_p, c_uint, File),
    "truncate": CFUNCTYPE(c_int, c_char_p, c_long, File),
    "open": CFUNCTYPE(c_int, c_char_p, File),
    "read": CFUNCTYPE(c_int, c_char_p, c_void_p, c_size_t, c_long, File),
    "write": CFUNCTYPE(c_int, c_char_p, c_void_p, c_size_t, c_long, File),
    "release": CFUNCTYPE(c_int, c_char_p, File),
    "fsync": CFUNCTYPE(c_int, c_char_p, c_int, File),
    "readdir": CFUNCTYPE(c_int, c_char_p, c_void_p, Filler, c_long, File, c_int),
    "create": CFUNCTYPE(c_int, c_char_p, c_uint, File),
}
# In the order of libfuse's table.
OPERATIONS = """getattr readlink mknod mkdir unlink rmdir symlink rename link chmod chown truncate open read write statfs flush release
    fsync setxattr getxattr listxattr removexattr opendir readdir releasedir fsyncdir init destroy access create lock utimens bmap
    ioctl poll write_buf read_buf flock fallocate copy_file_range lseek""".split()


class Table(Structure):
    _fields_ = [(name, TYPES.get(name, c_void_p)) for name in OPERATIONS]


class Folder:
    """The calls, each with the path below the mount point."""

    def __init__(self, folder):
        self.folder = os.path.abspath(folder).encode()

    def at(self, path):
        return self.folder + path

    def getattr(self, path, stat, _file):
        found = os.lstat(self.at(path))
        for name in ("dev", "ino", "nlink", "mode", "uid", "gid", "size", "blocks"):
            setattr(stat.contents, name, getattr(found, f"st_{name}"))
        for name in ("atime", "mtime", "ctime"):
            setattr(stat.contents, name, Time(*divmod(getattr(found, f"st_{name}_ns"), 10**9)))

    def mkdir(self, path, mode):
        os.mkdir(self.at(path), mode)

    def unlink(self, path):
        os.unlink(self.at(path))

    def rmdir(self, path):
        os.rmdir(self.at(path))

    def rename(self, old, new, _flags):
        os.rename(self.at(old), self.at(new))

    def chmod(self, path, mode, _file):
        os.chmod(self.at(path), mode)

    def truncate(self, path, size, _file):
        os.truncate(self.at(path), size)

    def open(self, path, file):
        self.opened(file, os.open(self.at(path), file.contents.flags))

    def create(self, path, mode, file):
        self.opened(file, os.open(self.at(path), file.contents.flags | os.O_CREAT, mode))

    @staticmethod
    def opened(file, handle):
        file.contents.fh = handle
        file.contents.bits |= DIRECT_IO

    @staticmethod
    def read(_path, buffer, size, offset, file):
        data = os.pread(file.contents.fh, size, offset)
        ctypes.memmove(buffer, data, len(data))
        return len(data)

    @staticmethod
    def write(_path, buffer, size, offset, file):
        return os.pwrite(file.contents.fh, ctypes.string_at(buffer, size), offset)

    @staticmethod
    def release(_path, file):
        os.close(file.contents.fh)

    @staticmethod
    def fsync(_path, _only_data, file):
        os.fsync(file.contents.fh)

    def readdir(self, path, buffer, fill, *_):
        for name in [b".", b"..", *os.listdir(self.at(path))]:
            fill(buffer, name, None, 0, 0)


def as_call(function):
    def call(*arguments):
        try:
            return function(*arguments) or 0
        except OSError as error:
            return -(error.errno or errno.EIO)
    return call


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    library = ctypes.CDLL("libfuse3.so.3")
    folder = Folder(sys.argv[1])
    table = Table(**{name: kind(as_call(getattr(folder, name))) for name, kind in TYPES.items()})
    arguments = [b"direct_folder", os.path.abspath(sys.argv[2]).encode(), b"-f", b"-s"]
    words = (c_char_p * len(arguments))(*arguments)
    sys.exit(library.fuse_main_real(len(arguments), words, ctypes.byref(table), ctypes.sizeof(table), None))


if __name__ == "__main__":
    main()
