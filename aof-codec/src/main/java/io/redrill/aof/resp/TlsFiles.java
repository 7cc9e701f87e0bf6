package io.redrill.aof.resp;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Makes certificates and keys of PEM files.
///
/// The older forms of a private key say nothing of its algorithm, or not in the place where the JDK
/// looks. The certificate says it, so that each becomes the form that the JDK reads:
///
/// ```
/// PKCS#8    SEQUENCE { INTEGER 0, algorithm, OCTET STRING { PKCS#1 or SEC1 } }
/// X.509     SEQUENCE { algorithm, BIT STRING }        the certificate's public key
/// ```
final class TlsFiles {

  private static final byte[] VERSION_0 = {2, 1, 0};
  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 4;

  private TlsFiles() {}

  /// The certificates in `file`, in order; at least one.
  static List<X509Certificate> certificates(Path file) throws TlsException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Pem block : Pem.read(file)) {
      if (block.label().endsWith("CERTIFICATE")) {
        try {
          CertificateFactory factory = CertificateFactory.getInstance("X.509");
          certificates.add(
              (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.der())));
        } catch (CertificateException broken) {
          throw TlsException.ofFile("a certificate in it is damaged", file);
        }
      }
    }
    if (certificates.isEmpty()) {
      throw TlsException.ofFile(
          "no PEM certificate stands in it; of a DER file, openssl x509 -inform DER -in FILE makes"
              + " one",
          file);
    }
    return certificates;
  }

  /// The private key in `file`, which belongs to `certificate`.
  static PrivateKey key(Path file, X509Certificate certificate) throws TlsException {
    PublicKey half = certificate.getPublicKey();
    PrivateKey key = parsed(encoded(file, half), half, file);
    if (!isPair(key, half)) {
      throw TlsException.ofFile("the key in it is not that of the client certificate", file);
    }
    return key;
  }

  private static byte[] encoded(Path file, PublicKey half) throws TlsException {
    for (Pem block : Pem.read(file)) {
      if (block.isEncrypted() || block.label().equals("ENCRYPTED PRIVATE KEY")) {
        throw TlsException.ofFile(
            "the key in it is encrypted; openssl pkey -in FILE -out NEWFILE takes the password away",
            file);
      }
      switch (block.label()) {
        case "PRIVATE KEY" -> {
          return block.der();
        }
        case "RSA PRIVATE KEY", "EC PRIVATE KEY" -> {
          return wrapped(algorithm(half), block.der());
        }
        default -> {
          // Parameters or certificates may stand in front of the key.
        }
      }
    }
    throw TlsException.ofFile(
        "no private key in PEM form that is read here stands in it; openssl pkey -in FILE -out"
            + " NEWFILE makes one",
        file);
  }

  private static PrivateKey parsed(byte[] encoded, PublicKey half, Path file) throws TlsException {
    try {
      return KeyFactory.getInstance(half.getAlgorithm())
          .generatePrivate(new PKCS8EncodedKeySpec(encoded));
    } catch (GeneralSecurityException refused) {
      throw TlsException.ofFile(
          "no %s key, which the client certificate needs, can be made of it; openssl pkey -in FILE"
                  .formatted(half.getAlgorithm())
              + " -out NEWFILE writes a key in the form that is read here",
          file);
    }
  }

  /// What one half signs, the other must know again.
  private static boolean isPair(PrivateKey key, PublicKey half) {
    String algorithm =
        switch (half.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          case String other -> other;
        };
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(VERSION_0);
      byte[] signed = signature.sign();
      signature.initVerify(half);
      signature.update(VERSION_0);
      return signature.verify(signed);
    } catch (GeneralSecurityException notOfOneKind) {
      return false;
    }
  }

  /// The first element of the sequence that `half` is encoded as.
  private static byte[] algorithm(PublicKey half) {
    byte[] der = half.getEncoded();
    int from = headBytes(der, 0);
    int length = length(der, from);
    return Arrays.copyOfRange(der, from, from + headBytes(der, from) + length);
  }

  private static int headBytes(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    return first < 0x80 ? 2 : 2 + (first & 0x7f);
  }

  private static int length(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    if (first < 0x80) {
      return first;
    }
    int length = 0;
    for (int i = 0; i < (first & 0x7f); i++) {
      length = length << 8 | (der[at + 2 + i] & 0xff);
    }
    return length;
  }

  private static byte[] wrapped(byte[] algorithm, byte[] key) {
    return element(SEQUENCE, VERSION_0, algorithm, element(OCTET_STRING, key));
  }

  private static byte[] element(int tag, byte[]... parts) {
    int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + 5);
    out.write(tag);
    if (length < 0x80) {
      out.write(length);
    } else {
      int lengthBytes = (39 - Integer.numberOfLeadingZeros(length)) / 8;
      out.write(0x80 | lengthBytes);
      for (int shift = 8 * (lengthBytes - 1); shift >= 0; shift -= 8) {
        out.write(length >> shift);
      }
    }
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
