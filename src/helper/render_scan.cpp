/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "helper/render_scan.h"

#define ZX_USE_UTF8 1
#include <ZXing/ReadBarcode.h>

#include <exception>
#include <string>

/* Version 2.2 has another name for it. */
#if __has_include(<ZXing/ReaderOptions.h>)
using Options = ZXing::ReaderOptions;
#else
using Options = ZXing::DecodeHints;
#endif

extern "C" int render_scan(const uint8_t *grey, int width, int height,
	void (*found)(void *arg, const struct render_scanned *code), void *arg)
{
	try {
		const ZXing::ImageView view(grey, width, height, ZXing::ImageFormat::Lum);
		const Options options = Options().setFormats(ZXing::BarcodeFormat::QRCode).setTryHarder(true);

		for (const auto &result : ZXing::ReadBarcodes(view, options)) {
			const std::string text = result.text();
			const auto &octets = result.bytes();
			render_scanned code = {};

			code.octets = octets.data();
			code.octets_len = octets.size();
			code.text = text.data();
			code.text_len = text.size();
			code.encoded = result.hasECI() ? 1 : 0;
			for (int i = 0; i < 4; i++) {
				code.corners[2 * i] = result.position()[static_cast<size_t>(i)].x;
				code.corners[2 * i + 1] = result.position()[static_cast<size_t>(i)].y;
			}
			found(arg, &code);
		}
		return 0;
	} catch (const std::exception &) {
		return 1;
	} catch (...) {
		return 1;
	}
}
