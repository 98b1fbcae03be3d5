"""Zips of bad faith are refused with a reason, and honest ones are read, whatever made them."""

import io
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.intake import archives
from grader.intake.archives import Allowance, Archive, Refused

Fill = Callable[[zipfile.ZipFile], None]


def packed(fill: Fill) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file:
        fill(file)
    return data.getvalue()


def opened(data: bytes, allowance: Allowance | None = None) -> Archive:
    return Archive(lambda: io.BytesIO(data), len(data), allowance or Allowance())


def named(name: str, mode: int = 0, text: str = "x = 1") -> Fill:
    def fill(file: zipfile.ZipFile) -> None:
        info = zipfile.ZipInfo("placeholder")
        info.filename = name
        info.external_attr = mode << 16
        file.writestr(info, text)

    return fill


def twice(file: zipfile.ZipFile) -> None:
    file.writestr("a.py", "1")
    with pytest.warns(UserWarning, match="Duplicate"):
        file.writestr("a.py", "2")


def bomb(file: zipfile.ZipFile) -> None:
    file.writestr("a.py", b"0" * (20 << 20))


def many(file: zipfile.ZipFile) -> None:
    for number in range(30):
        file.writestr(f"{number}.py", "")


def bzipped(file: zipfile.ZipFile) -> None:
    file.writestr("a.py", "x", zipfile.ZIP_BZIP2)


@pytest.mark.parametrize(
    ("fill", "reason"),
    [
        (named("../a.py"), "leads out"),
        (named("a/../../a.py"), "leads out"),
        (named("..\\a.py"), "leads out"),
        (named("/etc/a.py"), "absolute"),
        (named("\\\\host\\a.py"), "absolute"),
        (named("C:\\a.py"), "drive letter"),
        (named("c:a.py"), "drive letter"),
        (named("a.py", stat.S_IFLNK | 0o777, "/etc/passwd"), "link"),
        (named("a.py", stat.S_IFIFO | 0o600), "no file"),
        (twice, "twice"),
        (bomb, "bomb"),
        (bzipped, "packed in a way"),
    ],
)
def test_hostile_zips_are_refused_before_anything_is_read(fill: Fill, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        opened(packed(fill))


def test_counts_and_sizes_are_limited_together(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused, match="more than"):
        opened(packed(many), Allowance(members=29))
    with pytest.raises(Refused, match="larger than"):
        opened(packed(named("a.py", text="12345")), Allowance(total=4))
    allowance = Allowance(members=40)
    opened(packed(many), allowance)
    with pytest.raises(Refused, match="more than"):
        opened(packed(many), allowance)
    monkeypatch.setattr(archives, "_MOST_DIRECTORY", 100)
    with pytest.raises(Refused, match="more than"):
        opened(packed(many))


def test_encrypted_zips_are_refused() -> None:
    data = bytearray(packed(named("a.py")))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(signature) + offset
        data[at] |= 1
    with pytest.raises(Refused, match="encrypted"):
        opened(bytes(data))


def test_members_that_overlap_are_refused() -> None:
    data = packed(named("a.py", text="y" * 10))
    start = data.index(b"PK\x01\x02")
    entry = data[start : data.index(b"PK\x05\x06")]
    # Many entries of one directory that all point at the same bytes.
    body = data[:start] + b"".join(entry.replace(b"a.py", b"%04d" % number) for number in range(50))
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 50, 50, len(body) - start, start, 0)
    whole = bytearray(body + end)
    for number in range(50):  # each claims to be most of the file
        at = start + number * len(entry) + 20
        whole[at : at + 4] = struct.pack("<L", len(whole) // 3)
    with pytest.raises(Refused, match="overlap"):
        opened(bytes(whole))


@pytest.mark.parametrize("data", [b"", b"PK", b"no zip at all" * 100, b"PK\x05\x06" + bytes(4)])
def test_what_is_no_zip_is_refused(data: bytes) -> None:
    with pytest.raises(Refused, match="no zip"):
        opened(data)


def test_damage_and_lies_are_found_when_a_member_is_read() -> None:
    def fill(file: zipfile.ZipFile) -> None:
        file.writestr("a.py", "x = 1234567890", zipfile.ZIP_STORED)

    data = packed(fill).replace(b"1234", b"1334")
    archive = opened(data)
    with pytest.raises(Refused, match="CRC"):
        archive.read(archive.members[0], 100)
    with pytest.raises(Refused, match="larger"):
        archive.read(archive.members[0], 3)


def test_honest_zips_of_any_make_are_read(tmp_path: Path) -> None:
    def fill(file: zipfile.ZipFile) -> None:
        file.writestr("дом/a b.py", "x")
        file.writestr("folder/", "")
        named("windows\\deep\\b.py", text="y")(file)
        file.writestr("zeros.csv", b"0" * 100_000)

    path = tmp_path / "x.zip"
    path.write_bytes(packed(fill))
    archive = Archive(lambda: path.open("rb"), path.stat().st_size, Allowance())
    assert [str(member.path) for member in archive.members] == ["дом/a b.py", "windows/deep/b.py", "zeros.csv"]
    assert [archive.read(member, 1 << 20)[:1] for member in archive.members] == [b"x", b"y", b"0"]
    archive.release()
    assert archive.read(archive.members[0], 10) == b"x"
    archive.release()
