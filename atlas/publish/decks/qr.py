"""QR codes of addresses, for slides and paper."""

from io import BytesIO


def to_qr_svg(address: str) -> str:
    """Return the QR code of an address as SVG."""
    return _save(address, "svg", 4).decode()


def to_qr_png(address: str) -> bytes:
    """Return the QR code of an address as PNG."""
    return _save(address, "png", 12)


def _save(address: str, form: str, scale: int) -> bytes:
    import segno

    stream = BytesIO()
    segno.make(address, error="m", micro=False).save(stream, kind=form, border=2, scale=scale)
    return stream.getvalue()
