package io.redrill.backup.log;

import io.redrill.aof.resp.RespWriter;
import io.redrill.backup.repository.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.List;

/// The SHA-256 of a run of commands in their one usual spelling, without what stands between them.
final class CommandDigest {

  private final MessageDigest digest = Sha256.digest();
  private final RespWriter commands =
      new RespWriter(new DigestOutputStream(OutputStream.nullOutputStream(), digest));

  void add(List<byte[]> args) throws IOException {
    commands.writeCommand(args);
  }

  String hex() {
    return Sha256.hex(digest);
  }
}
