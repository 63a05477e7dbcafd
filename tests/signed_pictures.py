"""Pictures with real Content Credentials, signed here with a certificate made for the test; needs the extra [c2pa]."""

from __future__ import annotations

import datetime
import io
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from PIL import Image

MIME = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "AVIF": "image/avif"}
PARENT = "xmp:iid:parent"


def plain(kind: str) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (32, 24), (120, 90, 60)).save(stream, kind)
    return stream.getvalue()


def signed(manifest: Mapping[str, Any], kind: str, picture: bytes | None = None, parent: bytes | None = None) -> bytes:
    """Return `picture` with `manifest`; its ingredient, when there is one, is `parent`."""
    import c2pa

    certificates, key = _credentials()
    builder = c2pa.Builder.from_json(json.dumps(manifest))
    if parent is not None:
        ingredient = {"title": "parent", "relationship": "parentOf", "instance_id": PARENT}
        builder.add_ingredient(json.dumps(ingredient), MIME[kind], io.BytesIO(parent))
    signer = c2pa.Signer.from_info(c2pa.C2paSignerInfo(b"es256", certificates, key, None))
    result = io.BytesIO()
    builder.sign(signer, MIME[kind], io.BytesIO(picture or plain(kind)), result)
    return result.getvalue()


@cache
def _credentials() -> tuple[bytes, bytes]:
    """Return (certificate chain, private key) as PEM. Profile: C2PA specification 2.x, section 14.5.1."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    def name(text: str) -> x509.Name:
        pairs = ((NameOID.ORGANIZATION_NAME, "Test Maker"), (NameOID.COMMON_NAME, text))
        return x509.Name([x509.NameAttribute(kind, value) for kind, value in pairs])

    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    now, day = datetime.datetime.now(datetime.UTC), datetime.timedelta(days=1)

    def certificate(subject: str, number: int, own: ec.EllipticCurvePrivateKey, *, root: bool) -> x509.Certificate:
        usage = dict.fromkeys(
            ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only",
             "decipher_only"), False,
        )  # fmt: skip
        builder = (
            x509.CertificateBuilder()
            .subject_name(name(subject))
            .issuer_name(name("Test root"))
            .public_key(own.public_key())
            .serial_number(number)
            .not_valid_before(now - day)
            .not_valid_after(now + 30 * day)
            .add_extension(x509.BasicConstraints(root, None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
            .add_extension(
                x509.KeyUsage(digital_signature=not root, key_cert_sign=root, crl_sign=root, **usage), critical=True
            )
        )
        if not root:
            authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
            builder = builder.add_extension(authority, critical=False)
            purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
            builder = builder.add_extension(purpose, critical=False)
        return builder.sign(root_key, hashes.SHA256())

    chain = (certificate("Test signer", 2, key, root=False), certificate("Test root", 1, root_key, root=True))
    encoding = serialization.Encoding.PEM
    private = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return b"".join(each.public_bytes(encoding) for each in chain), private
