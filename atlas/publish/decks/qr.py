"""QR codes of addresses, for slides and paper."""

from io import BytesIO


def to_qr(address: str, form: str = "png") -> bytes:
    """Return the QR code of an address as PNG or SVG."""
    import segno

    stream = BytesIO()
    scale = 12 if form == "png" else 4
    segno.make(address, error="m", micro=False).save(stream, kind=form, border=2, scale=scale)
    return stream.getvalue()
