package io.redrill.storage.gcs;

import com.google.api.gax.paging.Page;
import com.google.cloud.ReadChannel;
import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageException;
import io.redrill.storage.ObjectExistsException;
import io.redrill.storage.ObjectInfo;
import io.redrill.storage.ObjectKey;
import io.redrill.storage.ObjectMissingException;
import io.redrill.storage.ObjectStore;
import io.redrill.storage.StoreException;
import io.redrill.storage.StoreTimeouts;
import io.redrill.storage.StoreUrl;
import io.redrill.storage.layer.KeyPrefix;
import io.redrill.storage.layer.StoreInputStream;
import io.redrill.storage.layer.Upload;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Objects in one bucket, below a prefix.
///
/// A put is one request with `ifGenerationMatch=0`, which the store grants to exactly one writer,
/// and with a CRC32C that the store checks before it keeps anything. As in S3, an object is limited
/// to [Upload#MAX_BYTES] and held in memory while it is sent, and a put whose answer was lost is
/// recognised by the identifier that it left in the object's metadata.
///
/// Credentials are Google's application default credentials: the file that
/// `GOOGLE_APPLICATION_CREDENTIALS` names, those of `gcloud`, or the machine's service account. An
/// endpoint in the URL is taken for an emulator and gets none. Every wait is bounded by
/// [StoreTimeouts].
public final class GcsStore implements ObjectStore {

  private static final int PRECONDITION_FAILED = 412;
  private static final int MAX_PAGE_SIZE = 1000;

  private static final Storage.BlobField[] INFO = {
    Storage.BlobField.NAME,
    Storage.BlobField.SIZE,
    Storage.BlobField.TIME_CREATED,
    Storage.BlobField.METADATA
  };

  private final StoreUrl.Gcs url;
  private final KeyPrefix prefix;
  private final Storage client;
  private final int pageSize;

  /// A missing object and a missing bucket both look like "nothing there" to the library; until the
  /// bucket has been seen, it is asked for.
  private volatile boolean bucketSeen;

  private GcsStore(StoreUrl.Gcs url, Storage client, int pageSize) {
    this.url = url;
    this.prefix = new KeyPrefix(url.prefix());
    this.client = client;
    this.pageSize = pageSize;
  }

  /// The store at `url`, with the usual timeouts.
  ///
  /// @throws StoreException if no credentials are found; the bucket is not asked for yet
  public static GcsStore open(StoreUrl.Gcs url) throws StoreException {
    return open(url, StoreTimeouts.standard());
  }

  /// As above, with `timeouts`.
  public static GcsStore open(StoreUrl.Gcs url, StoreTimeouts timeouts) throws StoreException {
    return open(url, timeouts, MAX_PAGE_SIZE);
  }

  /// As above, listing `pageSize` objects per request.
  static GcsStore open(StoreUrl.Gcs url, StoreTimeouts timeouts, int pageSize)
      throws StoreException {
    return new GcsStore(url, GcsClients.open(url, timeouts), pageSize);
  }

  private BlobId id(ObjectKey key) {
    return BlobId.of(url.bucket(), prefix.name(key.value()));
  }

  @Override
  public void put(ObjectKey key, InputStream source, long sizeBytes) throws IOException {
    Upload upload = Upload.of(key, source, sizeBytes);
    BlobInfo info =
        BlobInfo.newBuilder(id(key))
            .setContentType("application/octet-stream")
            .setMetadata(Map.of(Upload.ID, upload.id()))
            .build();
    try {
      client.create(
          info,
          upload.bytes(),
          Storage.BlobTargetOption.doesNotExist(),
          Storage.BlobTargetOption.disableGzipContent());
    } catch (StorageException e) {
      if (e.getCode() != PRECONDITION_FAILED) {
        throw failure(e, key.value());
      }
      if (!isOurs(key, upload)) {
        throw new ObjectExistsException("the key is taken", key.value(), e);
      }
    } catch (RuntimeException e) {
      throw failure(e, key.value());
    }
  }

  private boolean isOurs(ObjectKey key, Upload upload) throws IOException {
    return get(key)
        .map(Blob::getMetadata)
        .filter(metadata -> upload.id().equals(metadata.get(Upload.ID)))
        .isPresent();
  }

  @Override
  public InputStream open(ObjectKey key) throws IOException {
    return open(key, 0, Long.MAX_VALUE);
  }

  @Override
  public InputStream open(ObjectKey key, long offset, long length) throws IOException {
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException("negative range: " + offset + ", " + length);
    }
    long size =
        find(key)
            .orElseThrow(() -> new ObjectMissingException("there is no such object", key.value()))
            .sizeBytes();
    if (length == 0 || offset >= size) {
      return InputStream.nullInputStream();
    }
    long end = length > size - offset ? size : offset + length;
    try {
      ReadChannel channel =
          client.reader(id(key), Storage.BlobSourceOption.shouldReturnRawInputStream(true));
      channel.seek(offset);
      channel.limit(end);
      return new StoreInputStream(
          Channels.newInputStream(channel),
          end - offset,
          key.value(),
          e -> GcsFailure.of(e, key.value(), url));
    } catch (RuntimeException e) {
      throw failure(e, key.value());
    }
  }

  @Override
  public Optional<ObjectInfo> find(ObjectKey key) throws IOException {
    return get(key).map(blob -> info(key, blob));
  }

  private Optional<Blob> get(ObjectKey key) throws IOException {
    try {
      @Nullable Blob blob = client.get(id(key), Storage.BlobGetOption.fields(INFO));
      if (blob == null) {
        requireBucket();
      }
      return Optional.ofNullable(blob);
    } catch (RuntimeException e) {
      throw failure(e, key.value());
    }
  }

  private void requireBucket() throws IOException {
    if (!bucketSeen) {
      page("", 1);
    }
  }

  private static ObjectInfo info(ObjectKey key, Blob blob) {
    return new ObjectInfo(key, blob.getSize(), blob.getCreateTimeOffsetDateTime().toInstant());
  }

  @Override
  public Stream<ObjectInfo> list(String start) throws IOException {
    return Stream.iterate(page(start, pageSize), Objects::nonNull, this::pageAfter)
        .flatMap(page -> page.streamValues())
        .flatMap(blob -> prefix.key(blob.getName()).map(key -> info(key, blob)).stream());
  }

  private Page<Blob> page(String start, int objects) throws IOException {
    try {
      Page<Blob> page =
          client.list(
              url.bucket(),
              Storage.BlobListOption.prefix(prefix.name(start)),
              Storage.BlobListOption.pageSize(objects),
              Storage.BlobListOption.fields(INFO));
      bucketSeen = true;
      return page;
    } catch (RuntimeException e) {
      throw failure(e, location());
    }
  }

  private @Nullable Page<Blob> pageAfter(Page<Blob> page) {
    try {
      return page.getNextPage();
    } catch (RuntimeException e) {
      throw new UncheckedIOException(failure(e, location()));
    }
  }

  @Override
  public void delete(ObjectKey key) throws IOException {
    try {
      if (!client.delete(id(key))) {
        requireBucket();
      }
    } catch (RuntimeException e) {
      throw failure(e, key.value());
    }
  }

  /// The library throws a [StorageException] as a rule, and others when it is interrupted.
  private IOException failure(RuntimeException e, String object) {
    return GcsFailure.of(e, object, url);
  }

  @Override
  public String location() {
    return url.toString();
  }

  @Override
  public void close() throws IOException {
    try {
      client.close();
    } catch (Exception e) {
      throw GcsFailure.of(e, location(), url);
    }
  }
}
