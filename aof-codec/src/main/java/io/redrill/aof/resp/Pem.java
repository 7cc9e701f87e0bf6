package io.redrill.aof.resp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The blocks of a PEM file: base64 between `-----BEGIN LABEL-----` and `-----END LABEL-----`. Text
/// around them is passed over, as other programs do.
///
/// @param isEncrypted whether lines in front of the base64 say that it is (PKCS#1 and SEC1 of old)
record Pem(String label, byte[] der, boolean isEncrypted) {

  /// The certificates of all the world's authorities have a quarter of a mebibyte.
  private static final int MOST_BYTES = 4 * 1024 * 1024;

  private static final Pattern BLOCK =
      Pattern.compile(
          "-----BEGIN ([A-Z0-9 ]{1,40})-----\\R([^-]*(?:-[^-]+)*)-----END \\1-----",
          Pattern.DOTALL);
  private static final Pattern HEADER = Pattern.compile("(?m)^[A-Za-z-]+:.*$");

  /// The blocks in `file`, in order.
  ///
  /// @throws TlsException if it cannot be read, is too large, or a block is no base64
  static List<Pem> read(Path file) throws TlsException {
    String text = text(file);
    List<Pem> blocks = new ArrayList<>();
    Matcher block = BLOCK.matcher(text);
    while (block.find()) {
      String body = block.group(2);
      boolean isEncrypted = body.contains("ENCRYPTED");
      try {
        blocks.add(
            new Pem(
                block.group(1),
                Base64.getMimeDecoder().decode(HEADER.matcher(body).replaceAll("")),
                isEncrypted));
      } catch (IllegalArgumentException notBase64) {
        throw TlsException.ofFile("a block of it is no base64", file);
      }
    }
    return blocks;
  }

  private static String text(Path file) throws TlsException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw TlsException.ofFile("it is too large for a PEM file; is the path right?", file);
      }
      return new String(bytes, StandardCharsets.ISO_8859_1);
    } catch (TlsException known) {
      throw known;
    } catch (NoSuchFileException missing) {
      throw TlsException.ofFile("there is no such file; correct the path", file);
    } catch (AccessDeniedException denied) {
      throw TlsException.ofFile("this user may not read it; change who may", file);
    } catch (IOException broken) {
      throw TlsException.ofFile("it cannot be read (" + broken.getMessage() + ")", file);
    }
  }
}
