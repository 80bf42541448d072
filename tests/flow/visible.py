# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents that visible signatures are put into, and a look at the pixels of the result.

    visible.py make DIR                                   writes the documents and prints NAME PAGE X Y W H UNIT for each; page 0: the field Tanda
    visible.py picture FILE.png W H                       a red picture
    visible.py look BEFORE.ppm AFTER.ppm X Y W H [SCALE]  the stamp fills exactly that rectangle (in points; SCALE pixels each)
    visible.py colour FILE.ppm X Y W H R G B SHARE        at least SHARE percent of the rectangle have about that colour
"""
import sys
import zlib

CONTENT = b'0.9 g 0 0 2000 2000 re f 0 g 20 20 60 30 re f'


class Document:
    """Objects of one revision and the ending that lists them."""

    def __init__(self):
        self.out, self.at, self.packed = bytearray(b'%PDF-1.7\n%\xe2\xe3\xcf\xd3\n'), {}, []

    def add(self, number, body):
        self.at[number] = (1, len(self.out), 0)
        self.out += b'%d 0 obj\n%s\nendobj\n' % (number, body)

    def stream(self, number, keys, data):
        self.add(number, b'<< %s /Length %d >>\nstream\n%s\nendstream' % (keys, len(data), data))

    def pack(self, number, body):
        self.packed.append((number, body))

    def packed_in(self, number):
        heads, bodies = b'', b''
        for i, (which, body) in enumerate(self.packed):
            heads += b'%d %d ' % (which, len(bodies))
            bodies += body + b'\n'
            self.at[which] = (2, number, i)
        self.stream(number, b'/Type /ObjStm /N %d /First %d' % (len(self.packed), len(heads)), heads + bodies)

    def xref_stream(self, number, keys, only=None):
        start = len(self.out)
        self.at[number] = (1, start, 0)
        size = max(self.at) + 1
        listed = sorted(only) if only else sorted(self.at)
        index = b' '.join(b'%d 1' % n for n in listed)
        data = b''.join(bytes([self.at[n][0]]) + self.at[n][1].to_bytes(4, 'big') + self.at[n][2].to_bytes(2, 'big') for n in listed)
        self.stream(number, b'/Type /XRef /W [1 4 2] /Size %d /Index [%s] %s /Filter /FlateDecode' % (size, index, keys), zlib.compress(data))
        return start

    def table(self, keys):
        start, size = len(self.out), max(self.at) + 1
        self.out += b'xref\n0 %d\n' % size
        for n in range(size):
            entry = self.at.get(n, (0, 0, 65535 if n == 0 else 0))
            self.out += b'%010d %05d %s \n' % ((entry[1], 0, b'n') if entry[0] == 1 else (0, 65535, b'f'))
        self.out += b'trailer\n<< /Size %d %s >>\n' % (size, keys)
        return start

    def end(self, start):
        self.out += b'startxref\n%d\n%%%%EOF\n' % start
        return bytes(self.out)


def document(kind='table', tree=b'', page=b'/MediaBox [0 0 300 400]', more=()):
    """Two pages alike, the second without annotations; more: objects by number."""
    d = Document()
    objects = {1: b'<< /Type /Catalog /Pages 2 0 R %s >>' % dict(more).get(1, b''),
               2: b'<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 %s >>' % tree,
               3: b'<< /Type /Page /Parent 2 0 R /Contents 5 0 R /Resources << >> %s >>' % page,
               4: b'<< /Type /Page /Parent 2 0 R /Contents 5 0 R /Resources << >> %s >>' % page.split(b'/Annots')[0]}
    objects[1] = objects[1].replace(b'/Catalog', b'/Catalog /Extra 8 0 R') if kind != 'table' else objects[1]
    objects.update({n: body for n, body in more if n > 1})
    d.stream(5, b'', CONTENT)
    if kind == 'table':
        for n, body in objects.items():
            d.add(n, body)
        return d.end(d.table(b'/Root 1 0 R'))
    objects[8] = b'<< /Hidden true >>'
    for n, body in objects.items():
        (d.pack if kind == 'packed' or n == 8 else d.add)(n, body)
    d.packed_in(20)
    if kind == 'packed':
        return d.end(d.xref_stream(21, b'/Root 1 0 R'))
    hidden = d.xref_stream(21, b'/Root 1 0 R', only=[8])
    return d.end(d.table(b'/Root 1 0 R /XRefStm %d' % hidden))


FIELD = b'<< /Type /Annot /Subtype /Widget /FT /Sig /T (Tanda) /F 4 /Rect [40 50 140 100] /P 3 0 R >>'
CROP = b'/MediaBox [-10 -20 390 580] /CropBox [50 60 350 460]'

# name, document, page, left, top, width, height, unit
CASES = [('turned%d' % r, document(page=b'/MediaBox [0 0 300 400] /Rotate %d' % r), 1, 30, 40, 160, 60, 1) for r in (0, 90, 180, 270)]
CASES += [('cropped%d' % r, document(page=CROP + b' /Rotate %d' % r), 1, 30, 40, 160, 60, 1) for r in (0, 90, 180, 270)]
CASES += [
    ('small', document(), 1, 200, 300, 80, 30, 1),
    ('unit', document(page=b'/MediaBox [0 0 300 400] /UserUnit 2'), 1, 60, 80, 320, 120, 2),
    ('inherited', document(tree=b'/MediaBox [0 0 300 400] /Rotate 90', page=b''), 1, 30, 40, 160, 60, 1),
    ('indirect', document(page=b'/MediaBox [0 0 300 400] /Annots 6 0 R', more=[
        (6, b'[7 0 R]'), (7, b'<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /Border [0 0 0] >>')]), 1, 30, 40, 160, 60, 1),
    ('empty', document(page=b'/MediaBox [0 0 300 400] /Annots []'), 1, 30, 40, 160, 60, 1),
    ('second', document(), 2, 30, 40, 160, 60, 1),
    ('packed', document('packed'), 1, 30, 40, 160, 60, 1),
    ('hybrid', document('hybrid'), 1, 30, 40, 160, 60, 1),
    ('edge', document(), 1, 140, 340, 160, 60, 1),
]
# An existing field of 100 x 50 gets a stamp of 160 x 60: 100 x 37.5 in its middle.
for kind in 'table', 'packed', 'hybrid':
    CASES.append(('field-' + kind, document(kind, page=b'/MediaBox [0 0 300 400] /Annots [6 0 R]', more=[
        (1, b'/AcroForm << /Fields [6 0 R] >>'), (6, FIELD)]), 0, 40, 306.25, 100, 37.5, 1))


def read(path):
    data = open(path, 'rb').read()
    head = data.split(maxsplit=4)
    width, height = int(head[1]), int(head[2])
    return width, height, data[len(data) - 3 * width * height:]


def pixel(image, x, y):
    at = 3 * (y * image[0] + x)
    return tuple(image[2][at:at + 3])


def near(a, b, slack=40):
    return all(abs(p - q) <= slack for p, q in zip(a, b))


def look(before, after, rect, scale):
    before, after = read(before), read(after)
    if before[:2] != after[:2]:
        return 'the page has another size'
    x, y, w, h = (v * scale for v in rect)
    magenta = inside = 0
    for row in range(after[1]):
        for column in range(after[0]):
            if x - 1 <= column + .5 <= x + w + 1 and y - 1 <= row + .5 <= y + h + 1:
                inside += 1
                magenta += near(pixel(after, column, row), (255, 0, 255))
            elif pixel(after, column, row) != pixel(before, column, row):
                return f'something is drawn at {column}, {row}, outside the rectangle'
    if magenta < inside * 0.7:
        return f'{magenta} of {inside} pixels are the stamp\'s'
    # The drawing has a green square in its upper left corner, and nothing in the others.
    corners = [(x + 3, y + 3, (0, 153, 0)), (x + w - 4, y + 3, (255, 0, 255)), (x + 3, y + h - 4, (255, 0, 255)), (x + w - 4, y + h - 4, (255, 0, 255))]
    for cx, cy, colour in corners:
        if not near(pixel(after, int(cx), int(cy)), colour):
            return f'{pixel(after, int(cx), int(cy))} stands at {int(cx)}, {int(cy)} instead of {colour}'
    return None


def main():
    if sys.argv[1] == 'make':
        for name, data, *where in CASES:
            with open(f'{sys.argv[2]}/{name}.pdf', 'wb') as f:
                f.write(data)
            print(name, *where)
        return 0
    if sys.argv[1] == 'look':
        why = look(sys.argv[2], sys.argv[3], [float(v) for v in sys.argv[4:8]], float(sys.argv[8]) if len(sys.argv) > 8 else 1)
        print(why or 'as it should be')
        return 1 if why else 0
    if sys.argv[1] == 'picture':
        w, h = int(sys.argv[3]), int(sys.argv[4])
        chunk = lambda kind, data: len(data).to_bytes(4, 'big') + kind + data + zlib.crc32(kind + data).to_bytes(4, 'big')
        rows = (b'\0' + b'\xff\0\0' * w) * h
        with open(sys.argv[2], 'wb') as f:
            f.write(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', w.to_bytes(4, 'big') + h.to_bytes(4, 'big') + b'\x08\x02\0\0\0')
                    + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b''))
        return 0
    image, (x, y, w, h, *colour, share) = read(sys.argv[2]), [int(v) for v in sys.argv[3:]]
    hits = sum(near(pixel(image, c, r), colour) for r in range(y, y + h) for c in range(x, x + w))
    print(f'{hits} of {w * h}')
    return 0 if hits * 100 >= share * w * h else 1


sys.exit(main())
