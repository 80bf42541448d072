# SPDX-License-Identifier: GPL-3.0-or-later
#
# The web as a QR code leads into it, for tests/flow/qr.sh: a proxy that answers for every host itself, by the path.
#
#   qr.py serve PORT_FILE LOG_FILE DIRECTORY     until it is ended; every request is a line of the log
#   qr.py get FILE PATH...                       one value of each line of JSON, "-" for null
import http.server
import json
import pathlib
import sys

SURAT = 'http://dokumen.contoh.example/surat.pdf'
PAGE = '''<!DOCTYPE html><title>Verifikasi</title><!-- <a href="palsu.pdf">x</a> -->
<script>document.write('<a href="palsu.pdf">')</script>
<a href="unduh/surat.pdf?a=1&amp;b=2">Unduh <b>surat</b></a> <a href="http://jahat.example/lain.pdf">lain</a>
<a href="http://127.0.0.1:8/dalam.pdf">dalam</a> <a href="javascript:x.pdf">x</a> <a href="tentang.html">tentang</a>'''
REDIRECTS = {
    '/pindah': SURAT,
    '/relatif': '/surat.pdf',
    '/jauh': 'http://unduh.lain.example/surat.pdf',
    '/dalam': 'http://127.0.0.1/rahasia',
    '/dalam-nama': 'http://localhost/rahasia',
    '/dalam-v6': 'http://[::ffff:127.0.0.1]/rahasia',
    '/dalam-angka': 'http://2130706433/rahasia',
    '/jaringan': 'http://10.0.0.1/rahasia',
    '/awan': 'http://169.254.169.254/latest/meta-data/',
    '/port': 'http://dokumen.contoh.example:8080/surat.pdf',
    '/nama': 'http://bsre.bssn.go.id@jahat.example/surat.pdf',
    '/berkas': 'file:///etc/passwd',
    '/putar': '/putar',
}


class Web(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *_):
        pass

    def answer(self, status, kind, body, **headers):
        self.send_response(status)
        if kind:
            self.send_header('Content-Type', kind)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header('Content-Length', str(len(body)))
        self.send_header('Connection', 'close')
        self.end_headers()
        self.wfile.write(body)

    def endless(self, announced):
        self.send_response(200)
        self.send_header('Content-Type', 'application/pdf')
        if announced:
            self.send_header('Content-Length', str(1 << 30))
        self.send_header('Connection', 'close')
        self.end_headers()
        try:
            self.wfile.write(b'%PDF-1.7\n')
            while True:
                self.wfile.write(b'x' * (1 << 20))
        except OSError:
            self.close_connection = True

    def do_GET(self):
        with open(self.server.log, 'a', encoding='ascii') as log:
            log.write(self.path + '\n')
        path = '/' + self.path.split('/', 3)[3].split('?')[0]
        files = self.server.directory
        if path in REDIRECTS:
            self.answer(302, 'text/html', b'', Location=REDIRECTS[path])
        elif path.endswith('surat.pdf'):
            self.answer(200, 'application/pdf', (files / 'signed.pdf').read_bytes())
        elif path == '/tanpa-jenis':
            self.answer(200, None, (files / 'signed.pdf').read_bytes())
        elif path == '/ubah.pdf':
            self.answer(200, 'application/pdf', (files / 'changed.pdf').read_bytes())
        elif path == '/polos.pdf':
            self.answer(200, 'application/pdf', (files / 'plain.pdf').read_bytes())
        elif path == '/rusak.pdf':
            self.answer(200, 'application/pdf', b'%PDF-1.7\nand nothing more')
        elif path == '/laman':
            self.answer(200, 'text/html; charset=utf-8', PAGE.encode())
        elif path == '/palsu.pdf':
            self.answer(200, 'application/pdf', b'<html><a href=surat.pdf>x</a>')
        elif path == '/teks':
            self.answer(200, 'text/plain', b'Dokumen SAH\n\x41\x42 \xe2\x80\xaeHAS\n')
        elif path == '/arsip':
            self.answer(200, 'application/zip', b'PK\x03\x04\0\0')
        elif path in ('/besar', '/besar-diam'):
            self.endless(path == '/besar')
        elif path == '/tolak':
            self.answer(403, 'text/html', b'<a href=surat.pdf>x</a>')
        else:
            self.answer(404, 'text/html', b'<a href=surat.pdf>x</a>')


def serve(port_file, log, directory):
    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Web)
    server.daemon_threads = True
    server.log, server.directory = log, pathlib.Path(directory)
    pathlib.Path(log).touch()
    pathlib.Path(port_file + '.new').write_text(str(server.server_address[1]), encoding='ascii')
    pathlib.Path(port_file + '.new').rename(port_file)
    server.serve_forever()


def get(path, *names):
    for line in pathlib.Path(path).read_text(encoding='utf-8').splitlines():
        values = []
        for name in names:
            value = json.loads(line)
            for part in name.split('.'):
                value = next(iter(value[int(part):]), None) if isinstance(value, list) else (value or {}).get(part)
            values.append('-' if value is None else json.dumps(value) if isinstance(value, (list, dict)) else str(value))
        print(' '.join(values))


if __name__ == '__main__':
    {'serve': serve, 'get': get}[sys.argv[1]](*sys.argv[2:])
