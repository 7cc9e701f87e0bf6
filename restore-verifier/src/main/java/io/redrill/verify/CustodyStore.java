package io.redrill.verify;

import io.redrill.storage.ObjectInfo;
import io.redrill.storage.ObjectKey;
import io.redrill.storage.ObjectStore;
import io.redrill.verify.report.CustodyEntry;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// A store for reading only, which notes each object that was read to its end, and the SHA-256 of
/// the bytes that came: the chain of custody, seen from outside of what reads and checks them.
///
/// Safe for use by several threads, as every store.
final class CustodyStore implements ObjectStore {

  private final ObjectStore store;
  private final Map<ObjectKey, CustodyEntry> entries = new LinkedHashMap<>();

  /// Reads from `store`, which stays open.
  CustodyStore(ObjectStore store) {
    this.store = store;
  }

  /// What was read so far, in the order in which reading ended.
  ///
  /// @param damaged the key of the object that was found to be damaged or missing, if one was; it
  ///   is listed also if it could not be read
  List<CustodyEntry> entries(Optional<String> damaged) {
    List<CustodyEntry> list;
    synchronized (entries) {
      list = new ArrayList<>(entries.values());
    }
    damaged.ifPresent(key -> {
      Optional<CustodyEntry> read =
          list.stream().filter(entry -> entry.key().equals(key)).findFirst();
      read.ifPresent(list::remove);
      list.add(
          new CustodyEntry(
              key,
              role(key),
              read.map(CustodyEntry::sizeBytes).orElse(0L),
              read.map(CustodyEntry::sha256).orElse(""),
              false));
    });
    return list;
  }

  private void note(ObjectKey key, long sizeBytes, MessageDigest digest) {
    String sha256 = HexFormat.of().formatHex(digest.digest());
    synchronized (entries) {
      entries.put(key, new CustodyEntry(key.value(), role(key.value()), sizeBytes, sha256, true));
    }
  }

  private static String role(String key) {
    if (key.endsWith("/manifest.json")) {
      return "manifest";
    }
    return key.contains("/log/") ? "segment" : key.contains("/snapshots/") ? "part" : "repository";
  }

  @Override
  public InputStream open(ObjectKey key) throws IOException {
    return new Witness(key, store.open(key));
  }

  /// A piece of an object has no digest of its own, and is not noted.
  @Override
  public InputStream open(ObjectKey key, long offset, long length) throws IOException {
    return store.open(key, offset, length);
  }

  @Override
  public Optional<ObjectInfo> find(ObjectKey key) throws IOException {
    return store.find(key);
  }

  @Override
  public Stream<ObjectInfo> list(String prefix) throws IOException {
    return store.list(prefix);
  }

  @Override
  public void put(ObjectKey key, InputStream source, long sizeBytes) {
    throw new UnsupportedOperationException("a drill only reads what it proves");
  }

  @Override
  public void delete(ObjectKey key) {
    throw new UnsupportedOperationException("a drill only reads what it proves");
  }

  @Override
  public String location() {
    return store.location();
  }

  @Override
  public void close() {}

  /// Hashes what passes, and notes it at the end of the object.
  private final class Witness extends FilterInputStream {

    private final ObjectKey key;
    private final MessageDigest digest = sha256();
    private long count;
    private boolean ended;

    Witness(ObjectKey key, InputStream in) {
      super(in);
      this.key = key;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
      int done = super.read(target, from, length);
      if (done > 0) {
        digest.update(target, from, done);
        count += done;
      } else if (done < 0 && !ended) {
        ended = true;
        note(key, count, digest);
      }
      return done;
    }

    @Override
    public long skip(long bytes) throws IOException {
      return readNBytes((int) Math.min(bytes, 64 * 1024)).length;
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
