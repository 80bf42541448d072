#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Makes contrib/letter.pdf, the sample letter that "besign walk" signs. Institution, people and numbers are invented.
# The content is left uncompressed, so that the walk can show what changing one byte does.
#
#   python3 contrib/letter.py >contrib/letter.pdf
import sys

BODY = [
    # size, indent, line; the next line stands 1.4 sizes lower
    (14, 120, "BADAN ARSIP KOTA CONTOH"),
    (10, 105, "Jalan Melati Nomor 1, Kota Contoh, Provinsi Contoh"),
    (10, 0, ""),
    (12, 170, "SURAT PERINTAH BAYAR"),
    (11, 165, "Nomor: 017/SPB/CONTOH/2026"),
    (11, 0, ""),
    (11, 0, "Yang bertanda tangan di bawah ini, Kepala Badan Arsip Kota Contoh, memerintahkan"),
    (11, 0, "Bendahara Pengeluaran untuk membayarkan uang sebesar:"),
    (11, 0, ""),
    (12, 30, "Rp 1.250.000"),
    (11, 30, "(satu juta dua ratus lima puluh ribu rupiah)"),
    (11, 0, ""),
    (11, 0, "kepada Saudari Melati Contoh, untuk biaya penjilidan arsip tahun anggaran 2026."),
    (11, 0, "Surat ini hanya contoh untuk berlatih; tidak ada yang dibayarkan."),
    (11, 0, ""),
    (11, 290, "Kota Contoh, 2 Maret 2026"),
    (11, 290, "Kepala Badan Arsip,"),
    (11, 0, ""),
    (11, 0, ""),
    (11, 290, "Budi Contoh"),
]


def literal(text):
    return "(" + text.replace("(", "\\(").replace(")", "\\)") + ")"


def content():
    at = 770.0
    lines = ["BT"]
    for size, indent, text in BODY:
        if text:
            lines.append(f"/F1 {size} Tf 1 0 0 1 {72 + indent} {at:.1f} Tm {literal(text)} Tj")
        at -= 1.4 * size
    lines += ["ET", "0.5 w 72 743 m 523 743 l S"]
    return "\n".join(lines) + "\n"


def letter():
    page = content()
    objects = [
        "<< /Type /Catalog /Pages 2 0 R /Lang (id-ID) >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R\n"
        "   /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(page)} >>\nstream\n{page}endstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        "<< /Title (Surat Perintah Bayar \\(contoh\\)) /CreationDate (D:20260302090000+07'00') >>",
    ]
    out = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    places = []
    for number, text in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n".encode("ascii")
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode("ascii")
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    name = "<b35167c0a8e14f2d9b1d5a7c64e0f312>"
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 6 0 R /ID [{name} {name}] >>\n".encode("ascii")
    return out + f"startxref\n{start}\n%%EOF\n".encode("ascii")


sys.stdout.buffer.write(letter())
