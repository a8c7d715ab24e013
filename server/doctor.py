"""What of this machine and these settings weakens a promise: that it ends (P7), that nothing
acknowledged is lost (P10), that nothing is noted beside it (P5).

Each finding is a sentence and what to do. `towpath server doctor` prints them.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from server.founding import database_file, folders
from server.pages import hidden
from server.settings import FILE_NAME, Settings
from words import catalogues

_FORGETFUL = {"tmpfs", "ramfs"}
_LAYERED = {"overlay", "aufs"}
# Overwriting a file there writes elsewhere, and the old bytes stay.
_COPYING = {"btrfs", "zfs", "bcachefs", "nilfs2", "f2fs", "apfs"} | _LAYERED
_REMOTE = {"nfs", "nfs4", "cifs", "smb3", "9p", "afs", "ceph", "glusterfs", "fuse", "virtiofs"}
_TIME_ERROR = 5  # adjtimex(2): the clock is not synchronised
_TIMEX_BYTES = 512  # more than struct timex has anywhere


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found: the promise it weakens ("" for what is only worth knowing), what and do."""

    promise: str
    what: str
    do: str


@dataclass(frozen=True, slots=True)
class Mount:
    """A mounted file system: where, of which type, with which options."""

    place: str
    kind: str
    options: frozenset[str]


@dataclass(frozen=True, slots=True)
class Machine:
    """What a machine says of itself; `proc` is where the kernel says it."""

    proc: Path = Path("/proc")

    def mounts(self) -> list[Mount]:
        """Return what is mounted, in the kernel's order."""
        lines = (self.proc / "self/mountinfo").read_text(encoding="utf-8").splitlines()
        return [_mount(line) for line in lines]

    def mount_of(self, path: Path) -> Mount:
        """Return the file system that a path lies on."""
        place = path.resolve()
        over = [one for one in self.mounts() if place.is_relative_to(one.place)]
        return max(over, key=lambda one: len(one.place))

    def swaps(self) -> list[str]:
        """Return what memory is swapped to; compressed memory does not count."""
        lines = (self.proc / "swaps").read_text(encoding="utf-8").splitlines()[1:]
        return [line.split()[0] for line in lines if line and not line.startswith("/dev/zram")]

    def core_pattern(self) -> str:
        """Return where the kernel puts core dumps."""
        return (self.proc / "sys/kernel/core_pattern").read_text(encoding="utf-8").strip()

    def clock_is_kept(self) -> bool:
        """Say whether something keeps the clock right (adjtimex)."""
        timex = ctypes.create_string_buffer(_TIMEX_BYTES)
        return bool(ctypes.CDLL(None).adjtimex(timex) != _TIME_ERROR)


def examine(settings: Settings, folder: Path, machine: Machine) -> list[Finding]:
    """Return what weakens a promise here, apart from the database's own settings."""
    found = [*_disks(settings), *_permissions(settings, folder), *_listening(settings)]
    found += _file_systems(settings, machine)
    return [*found, *_machine(machine), *_languages(settings)]


def _disks(settings: Settings) -> Iterator[Finding]:
    keyring, copy, file = settings.keyring, settings.keyring_copy, database_file(settings)
    if copy is None:
        yield Finding(
            "P10",
            "keyring_copy is not set: when the keyring's disk dies, no row can be opened again.",
            "Set it to a folder on another disk; the next start fills it.",
        )
    elif copy.stat().st_dev == keyring.stat().st_dev:
        yield Finding(
            "P10",
            "keyring and keyring_copy lie on one disk and die with it.",
            "Move the copy to another disk.",
        )
    if file is not None and any(
        place.stat().st_dev == file.stat().st_dev for place in (keyring, copy) if place
    ):
        yield Finding(
            "P7",
            "Keys and database lie on one disk: a copy of that disk has both, and keeps them.",
            "Move the keyring to another disk, that no backup or snapshot takes.",
        )


def _file_systems(settings: Settings, machine: Machine) -> Iterator[Finding]:
    keys = [place for place in (settings.keyring, settings.keyring_copy) if place is not None]
    file = database_file(settings)
    for place in keys:
        mount = machine.mount_of(place)
        if mount.kind in _COPYING or "data=journal" in mount.options or _is_remote(mount):
            yield Finding(
                "P7",
                f"{place} lies on {mount.kind}, which can keep a key after it was overwritten.",
                "Put keys on ext4 or xfs of their own (without data=journal) or on a memory disk.",
            )
    for place in [*keys, *([file.parent] if file else [])]:
        mount = machine.mount_of(place)
        if mount.kind in _FORGETFUL | _LAYERED:
            yield Finding(
                "P10",
                f"{place} lies on {mount.kind}: when power fails or a container ends, it is gone.",
                "Put it on a disk; or for keys, see that the other folder is on one.",
            )
        if _is_remote(mount):
            yield Finding(
                "P10",
                f"{place} lies on {mount.kind}, beyond this machine: what was told stored may"
                " not be.",
                "Put it on a disk of this machine; for a database on another, use PostgreSQL.",
            )


def _permissions(settings: Settings, folder: Path) -> Iterator[Finding]:
    places = [folder, folder / FILE_NAME, *folders(settings)]
    places += [one for place in folders(settings) for one in sorted(place.iterdir())]
    for place in dict.fromkeys(places):
        if place.stat().st_mode & 0o077:
            yield Finding(
                "P7",
                f"{place} is open to other users of this machine.",
                f"chmod go= {place}",
            )


def _listening(settings: Settings) -> Iterator[Finding]:
    if settings.host not in {"127.0.0.1", "::1", "localhost"}:
        yield Finding(
            "P5",
            "host is reached from outside without TLS: the network sees every call's content.",
            "Set it to 127.0.0.1, behind the proxy or onion service of deploy/.",
        )


def _languages(settings: Settings) -> Iterator[Finding]:
    for one in hidden(settings):
        yield Finding(
            "",
            f"The pages are not shown in {one.code}: {len(one.words.unread_safety)} texts in which"
            " a mistake can hurt somebody were drafted by a machine, and nobody has read them.",
            f'Have them read (words/catalogues/REVIEW.md), or name "{one.code}" in'
            " unreviewed_languages if that is better than nothing for those whom you serve.",
        )
    for code in settings.unreviewed_languages:
        if unread := catalogues.open_(code).unread_safety:
            yield Finding(
                "",
                f"The pages are shown in {code} though nobody has read {len(unread)} texts in which"
                " a mistake can hurt somebody: unreviewed_languages says so.",
                "Have them read (words/catalogues/REVIEW.md).",
            )


def _machine(machine: Machine) -> Iterator[Finding]:
    if swaps := machine.swaps():
        yield Finding(
            "P7",
            f"Memory is swapped to {', '.join(swaps)}: keys can stay there after their end.",
            "swapoff -a, and take the swap out of /etc/fstab.",
        )
    if machine.core_pattern().startswith("|"):
        yield Finding(
            "",
            "Core dumps go to a program; the server's limit of 1 byte keeps its memory from it.",
            "Nothing, while no other process handles requests in plain view.",
        )
    if not machine.clock_is_kept():
        yield Finding(
            "P7",
            "Nothing keeps this machine's clock right: days may end too late, or all at once.",
            "Install chrony or turn on systemd-timesyncd.",
        )


def _is_remote(mount: Mount) -> bool:
    return mount.kind in _REMOTE or mount.kind.startswith("fuse.")


def _mount(line: str) -> Mount:
    """Read a line of mountinfo: see proc(5)."""
    before, _, after = line.partition(" - ")
    fields, (kind, _source, options) = before.split(), after.split(" ", 2)
    place = os.fsdecode(fields[4].encode().decode("unicode_escape").encode("latin-1"))
    return Mount(place, kind, frozenset([*fields[5].split(","), *options.split(",")]))
