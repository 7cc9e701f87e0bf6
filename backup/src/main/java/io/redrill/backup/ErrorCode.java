package io.redrill.backup;

/// Every failure that an operator can meet: a number that never changes its meaning, a constant
/// sentence, the next step, and the exit status.
///
/// The numbers are grouped: 1 usage, 2 sources, 3 stores and repository, 4 data, 5 recovery, 6
/// drills, 7 schedules and history, 8 the console. A number is used once and never again for
/// another thing.
public enum ErrorCode {
  INTERRUPTED(
      "E1001",
      "interrupted",
      "Run the command again; what was finished before is kept.",
      ExitStatus.INTERRUPTED),
  INTERNAL(
      "E1002",
      "an unexpected failure",
      "This is a defect of Redrill; please report it with the stack trace.",
      ExitStatus.FAILURE),
  BAD_NAME(
      "E1101",
      "not a usable name",
      "Use 1 to 64 letters, digits, dots, dashes or underscores, with a letter or digit first.",
      ExitStatus.USAGE),
  BAD_SOURCE_URL(
      "E1102",
      "not the URL of a source",
      "Write redis://[user@]host:port, or rediss://[user@]host:port?ca=FILE for TLS.",
      ExitStatus.USAGE),
  PASSWORD_IN_URL(
      "E1103",
      "a password stands in the URL, where other users of the machine can read it",
      "Put it into REDRILL_SOURCE_PASSWORD (of a restore's target: REDRILL_TARGET_PASSWORD), or name a"
          + " file or variable in the configuration.",
      ExitStatus.USAGE),
  BAD_TIME(
      "E1104",
      "not a time",
      "Write it as 2026-11-24T02:41:00Z, with a zone or offset, or as Unix seconds.",
      ExitStatus.USAGE),
  BAD_TARGET(
      "E1105",
      "not a restore target",
      "Name a file ending in .rdb, a directory, or redis://host:port (rediss:// for TLS).",
      ExitStatus.USAGE),
  TLS_FILE(
      "E1106",
      "a file that TLS needs cannot be used",
      "Correct the path in the URL (ca, cert, key) or the file; the message says what is wrong with it.",
      ExitStatus.USAGE),
  CONFIG_UNREADABLE(
      "E1201",
      "the configuration cannot be read",
      "Check the path of redrill.yaml and who may read it.",
      ExitStatus.USAGE),
  CONFIG_SYNTAX(
      "E1202",
      "the configuration is not well-formed YAML",
      "Correct the line that is named.",
      ExitStatus.USAGE),
  CONFIG_UNKNOWN_KEY(
      "E1203",
      "the configuration has a key that means nothing here",
      "Correct or remove the line that is named; the keys that may stand there are listed.",
      ExitStatus.USAGE),
  CONFIG_MISSING_KEY(
      "E1204", "the configuration lacks a key", "Add the key that is named.", ExitStatus.USAGE),
  CONFIG_BAD_VALUE(
      "E1205",
      "a value of the configuration is not of the kind that its key needs",
      "Correct the line that is named; the message says what it needs.",
      ExitStatus.USAGE),
  CONFIG_PASSWORD(
      "E1206",
      "a password stands in the configuration, where backups and other users may read it",
      "Remove it; name a variable with passwordEnv, or a file with passwordFile.",
      ExitStatus.USAGE),

  SOURCE_UNREACHABLE(
      "E2001",
      "the server does not answer",
      "Check that it runs and that host and port are right; then try again.",
      ExitStatus.UNREACHABLE),
  SOURCE_LOST(
      "E2002",
      "the connection to the server was lost",
      "Nothing of this attempt was kept as a backup; try again.",
      ExitStatus.UNREACHABLE),
  SOURCE_CREDENTIALS(
      "E2003",
      "the server refused the credentials, or they do not suffice",
      "Give the right user in the URL, and the password in REDRILL_SOURCE_PASSWORD or the"
          + " configuration (of a restore's target: REDRILL_TARGET_PASSWORD); a source's user needs"
          + " the commands PSYNC, REPLCONF, PING and INFO.",
      ExitStatus.CREDENTIALS),
  SOURCE_REFUSED(
      "E2004",
      "the server refused a command",
      "Read the server's answer; its log may say more.",
      ExitStatus.FAILURE),
  PASSWORD_MISSING(
      "E2005",
      "the password is not to be had where it was said to be",
      "Set the variable, or correct the path of the file and who may read it.",
      ExitStatus.CREDENTIALS),
  NOT_REDIS(
      "E2006",
      "what answers at this address is not a Redis",
      "Check host and port: another program listens there.",
      ExitStatus.UNREACHABLE),
  SOURCE_NOT_READY(
      "E2007",
      "the server is not ready: it loads its data, or is a replica without its primary",
      "Wait until it has loaded, or until its link to the primary is up; then try again.",
      ExitStatus.UNREACHABLE),
  CLUSTER_NODE(
      "E2008",
      "the server is a node of a cluster, and clusters are not supported yet",
      "Use a server without cluster mode: a node has only its own slots, not the whole data set.",
      ExitStatus.REFUSED),
  SOURCE_TLS(
      "E2009",
      "no encrypted connection to the server came about",
      "Follow the message. The parameters ca, cert, key and sni of a rediss:// URL say whom to trust,"
          + " who we are, and what the server is called.",
      ExitStatus.CREDENTIALS),
  SAVE_REFUSED(
      "E2101",
      "the server refused to save",
      "Read the server's answer; wait for a running save to end, or free memory, and try again.",
      ExitStatus.FAILURE),
  SAVE_FAILED(
      "E2102",
      "the server's save failed",
      "Look into the server's log: the disk may be full or the directory not writable.",
      ExitStatus.FAILURE),
  SAVE_TIMEOUT(
      "E2103",
      "the server's save did not end in time",
      "Allow more time, or look into the server's log.",
      ExitStatus.FAILURE),
  DIRECTORY_UNREADABLE(
      "E2104",
      "the server's data directory cannot be read here",
      "Run Redrill on the server's host as a user that may read the directory, name it in the"
          + " configuration, or use capture mode psync.",
      ExitStatus.FAILURE),
  AOF_DISABLED(
      "E2105",
      "the server writes no append-only file",
      "Switch it on with CONFIG SET appendonly yes, or use capture mode psync.",
      ExitStatus.FAILURE),
  AOF_BASE_NOT_RDB(
      "E2106",
      "the base of the server's append-only file is not an RDB",
      "Set aof-use-rdb-preamble yes and run BGREWRITEAOF.",
      ExitStatus.FAILURE),
  AOF_REPLACED(
      "E2107",
      "the append-only file was truncated or replaced while it was followed",
      "The log begins anew with the next rewrite; what was archived before stays restorable.",
      ExitStatus.FAILURE),
  REWRITE_FAILED(
      "E2108",
      "the rewrite of the append-only file failed",
      "Look into the server's log: the disk may be full or the directory not writable.",
      ExitStatus.FAILURE),

  STORE_UNREACHABLE(
      "E3001",
      "the store does not answer",
      "Check its address and the network; then try again.",
      ExitStatus.UNREACHABLE),
  STORE_ACCESS(
      "E3002",
      "the store refused access",
      "Check the credentials and what they may do with this bucket or directory.",
      ExitStatus.CREDENTIALS),
  STORE_FAILED(
      "E3003",
      "the store could not do it",
      "Check its free space and its permissions; then try again.",
      ExitStatus.FAILURE),
  OBJECT_MISSING(
      "E3004",
      "an object is missing from the repository",
      "Run the check to learn which recovery points are spoiled; restore the object from a copy if"
          + " there is one.",
      ExitStatus.CHECK_FAILED),
  OBJECT_EXISTS(
      "E3005",
      "an object of that name exists with other content",
      "Another process writes the same source into this repository: stop one of them.",
      ExitStatus.CONFLICT),
  NO_REPOSITORY(
      "E3101",
      "there is no repository at this place",
      "Check the URL; a repository is made by the first backup, or by the daemon.",
      ExitStatus.NOT_FOUND),
  REPOSITORY_TOO_NEW(
      "E3102",
      "the repository was written by a newer Redrill",
      "Use that version or a later one.",
      ExitStatus.FAILURE),
  REPOSITORY_DAMAGED(
      "E3103",
      "an object of the repository is damaged",
      "Run the check to learn which recovery points are spoiled; restore the object from a copy if"
          + " there is one.",
      ExitStatus.CHECK_FAILED),

  CORRUPT_DATA(
      "E4001",
      "the data is corrupt",
      "Take it from another copy; the offset shows where the fault lies.",
      ExitStatus.CHECK_FAILED),
  DATA_TOO_NEW(
      "E4002",
      "the data was written in a newer format than this Redrill reads",
      "Use a later version of Redrill.",
      ExitStatus.CHECK_FAILED),
  DATA_TOO_OLD(
      "E4003",
      "the data was written in an older format than this Redrill reads",
      "Load it with a server of that time and save it with a newer one.",
      ExitStatus.CHECK_FAILED),
  READ_FAILED(
      "E4004",
      "reading or writing failed",
      "Check the file, its permissions and the free space.",
      ExitStatus.FAILURE),
  DATA_TOO_LARGE(
      "E4005",
      "a value is larger than this Redrill can hold",
      "Give Redrill more memory (-Xmx, about eight times the largest value), or split the key.",
      ExitStatus.FAILURE),
  FILE_NOT_FOUND("E4006", "there is no such file", "Check the path.", ExitStatus.NOT_FOUND),
  SOURCE_DAMAGED(
      "E4101",
      "the file is damaged; nothing was written",
      "See all of the damage with redrill rdb check FILE; take another copy, or save what can be"
          + " saved with redrill rdb salvage.",
      ExitStatus.CHECK_FAILED),
  EXPORT_INCOMPLETE(
      "E4201",
      "the file is damaged; what was written is incomplete",
      "See all of the damage with redrill rdb check FILE, and take another copy; use what was written"
          + " only as a part.",
      ExitStatus.CHECK_FAILED),
  FILE_EXISTS(
      "E4102",
      "a file stands there already; nothing was changed",
      "Choose another path, or add --force to replace it.",
      ExitStatus.REFUSED),
  LOSS_REFUSED(
      "E4103",
      "the target cannot hold all of the data; nothing was written",
      "Choose a newer target, or accept the losses that are named with --accept-loss, or every loss"
          + " with --lossy.",
      ExitStatus.REFUSED),
  OUTPUT_UNSOUND(
      "E4104",
      "what was written does not read back as it should, and was removed",
      "Check the source with redrill rdb check FILE; if it is sound, this is a defect of Redrill:"
          + " please report it.",
      ExitStatus.CHECK_FAILED),
  AOF_CUT_DAMAGED(
      "E4108",
      "the append-only file is damaged before the cut; nothing was written",
      "Choose an earlier cut; see the damage with redrill aof check, and what can be kept with redrill"
          + " aof repair --dry-run.",
      ExitStatus.CHECK_FAILED),
  OUTSIDE_SHARDS(
      "E4105",
      "keys belong to slots that no shard has; nothing was written",
      "Give every slot to a shard, or leave keys out on purpose with --slot.",
      ExitStatus.REFUSED),
  KEY_CONFLICT(
      "E4106",
      "the files differ in what they hold under the same name; nothing was written",
      "Say which file counts with --on-conflict first or --on-conflict last.",
      ExitStatus.REFUSED),
  RDB_DAMAGED(
      "E4301",
      "the file is damaged; what was printed is of what stands before the damage",
      "See all of the damage with redrill rdb check FILE; take another copy, or save what can be"
          + " saved with redrill rdb salvage.",
      ExitStatus.CHECK_FAILED),
  KEY_NOT_FOUND(
      "E4302",
      "the file does not hold this key",
      "List its keys with redrill rdb ls FILE; a key that is no text is given with --hex, --base64,"
          + " or --escaped as rdb ls prints it.",
      ExitStatus.NOT_FOUND),
  NOT_RDB(
      "E4303",
      "the file is something else than an RDB",
      "Name a file that SAVE, BGSAVE or redis-cli --rdb wrote.",
      ExitStatus.CHECK_FAILED),
  AOF_DAMAGED(
      "E4304",
      "the append-only file is damaged; what was printed is of what stands before the damage",
      "See what a server would make of it with redrill aof check; make it whole with redrill aof"
          + " repair.",
      ExitStatus.CHECK_FAILED),
  AOF_UNREPAIRABLE(
      "E4305",
      "what is left of the append-only file is nothing that a server could begin with; nothing was"
          + " written",
      "Restore a backup, or save keys from a damaged RDB base with redrill rdb salvage.",
      ExitStatus.CHECK_FAILED),
  AOF_MANIFEST_DAMAGED(
      "E4309",
      "the manifest of the append-only file cannot be read; nothing was written",
      "See what is wrong with redrill aof check. If its files are there, redrill aof repair --from-names"
          + " makes a new manifest by their names.",
      ExitStatus.CHECK_FAILED),
  NOT_A_FOLLOWED_LOG(
      "E4310",
      "this directory cannot be followed into; nothing was changed",
      "Choose a directory that is new or empty, or the one that redrill aof follow wrote before; only one"
          + " process may follow into it.",
      ExitStatus.REFUSED),
  FOLLOW_FAILED(
      "E4311",
      "the followed log can no longer be written; what is durable stays",
      "Check the free space and who may write there; run the command again, and it goes on where the"
          + " durable log ends.",
      ExitStatus.FAILURE),
  BEFORE_THE_LOG(
      "E4306",
      "the log begins after this moment; nothing was written",
      "Choose a later moment, or restore from a backup of before: redrill list shows them.",
      ExitStatus.NOT_FOUND),
  NO_TIME_MARKS(
      "E4307",
      "the log does not say when its commands were written; nothing was written",
      "Cut at --offset or --before instead: redrill aof find tells the offset of a command. A server"
          + " writes time marks with aof-timestamp-enabled yes.",
      ExitStatus.NOT_FOUND),
  NO_COMMAND_MATCHES(
      "E4308",
      "no command of the log matches; nothing was written",
      "Look for it with redrill aof find, or redrill aof cat.",
      ExitStatus.NOT_FOUND),
  FORMATS_DIFFER(
      "E4107",
      "no format holds all of these files as they are; nothing was written",
      "Convert them for one target first: redrill rdb convert FILE --target TARGET --to OUT.",
      ExitStatus.REFUSED),

  SNAPSHOT_NOT_FOUND(
      "E5001",
      "there is no such snapshot",
      "List the snapshots with redrill list to see which there are.",
      ExitStatus.NOT_FOUND),
  NO_SNAPSHOT(
      "E5002", "there is no snapshot of this source", "Take a backup first.", ExitStatus.NOT_FOUND),
  OUTSIDE_WINDOWS(
      "E5003",
      "no recovery point covers this moment",
      "Choose a moment inside of a recovery window; redrill list shows them.",
      ExitStatus.NOT_FOUND),
  LOG_GAP(
      "E5004",
      "the log has a gap before this moment",
      "Choose a moment before the gap or after the next snapshot; both are named.",
      ExitStatus.NOT_FOUND),
  NO_MATCH(
      "E5005",
      "no command of the log matches",
      "Check the pattern, and that the log was archived at that time.",
      ExitStatus.NOT_FOUND),
  TARGET_EXISTS(
      "E5101",
      "the target exists already; nothing was changed",
      "Choose another path, or move what is there out of the way.",
      ExitStatus.REFUSED),
  TARGET_NOT_EMPTY(
      "E5102",
      "the target server holds data; nothing was changed",
      "Use an empty server, or add --replace: then keys and functions that the backup does not have"
          + " are removed, and the others overwritten.",
      ExitStatus.REFUSED),
  TARGET_IS_REPLICA(
      "E5103",
      "the target server is a replica; nothing was changed",
      "Restore into its primary.",
      ExitStatus.REFUSED),
  TARGET_TOO_OLD(
      "E5104",
      "the target server does not know a type of value that the backup holds; nothing was changed",
      "Restore into a newer server, or into a file, which redrill rdb convert rewrites for this one.",
      ExitStatus.REFUSED),
  TARGET_DATABASES(
      "E5105",
      "the target server has too few databases; nothing was changed",
      "Raise its setting databases, or restore into a file.",
      ExitStatus.REFUSED),
  TARGET_DIFFERS(
      "E5106",
      "after the restore the target does not hold what the backup holds",
      "Other clients may have written meanwhile; restore again into a server without clients.",
      ExitStatus.CHECK_FAILED),
  RESTORE_INCOMPLETE(
      "E5107",
      "the target server refused a key, and holds only what was written before it",
      "Read the server's answer; with OOM, raise its maxmemory. Then restore again, allowing to replace"
          + " what was written until then.",
      ExitStatus.FAILURE),
  DIGEST_DIFFERS(
      "E5108",
      "the data does not have the digest that its manifest states",
      "Run the check; restore from another snapshot.",
      ExitStatus.CHECK_FAILED),
  REPLAY_FAILED(
      "E5109",
      "replaying the log failed",
      "Run the check; restore the snapshot alone, or into a data directory.",
      ExitStatus.FAILURE),
  TARGET_LOST(
      "E5110",
      "the connection to the target server was lost, and a part of the backup may be in it",
      "See whether the server runs, or why it closed the connection (its log names limits of buffers). Then"
          + " restore again, allowing to replace what it holds by then.",
      ExitStatus.UNREACHABLE),
  TARGET_CREDENTIALS(
      "E5111",
      "the target server refused the credentials, or they do not suffice",
      "Give the right user and password; the user needs PING, INFO, SELECT, RESTORE, DUMP, SCAN, DEL,"
          + " PTTL, PEXPIRETIME and FUNCTION.",
      ExitStatus.CREDENTIALS),
  TARGET_REFUSED(
      "E5112",
      "the target server refused a command",
      "Read the server's answer; with OOM, raise its maxmemory. The restore can be repeated, allowing"
          + " to replace what was written until then.",
      ExitStatus.FAILURE),

  RESTORE_INTERRUPTED(
      "E5113",
      "interrupted while restoring into a server, and a part of the backup may be in it",
      "Restore again, allowing to replace what it holds by now.",
      ExitStatus.INTERRUPTED),

  NO_SUCH_DRILL(
      "E6101",
      "there is no such drill, or more than one begins so",
      "List the drills with redrill report, and name one of them.",
      ExitStatus.NOT_FOUND),
  SCRATCH_DIRECTORY(
      "E6001",
      "no directory could be made for the drill",
      "Check the free space and the permissions, or name another work directory.",
      ExitStatus.FAILURE),
  SCRATCH_UNAVAILABLE(
      "E6002",
      "the scratch instance could not be started",
      "Check that the program is installed and may be run, or drill with the bundled server.",
      ExitStatus.FAILURE),
  SCRATCH_DIED(
      "E6003",
      "the scratch instance ended before it had loaded the data",
      "Read the end of its log; a server may be older than the format of the backup.",
      ExitStatus.CHECK_FAILED),
  SCRATCH_TIMEOUT(
      "E6004",
      "the scratch instance did not load the data in time",
      "Allow more time or memory, or look for what slows this machine down.",
      ExitStatus.FAILURE),

  DATA_DIRECTORY_UNUSABLE(
      "E7001",
      "the data directory cannot be written",
      "Let this user write there, or choose another directory: --data of redrill up, `data:` in the"
          + " configuration.",
      ExitStatus.FAILURE),
  DATA_DIRECTORY_IN_USE(
      "E7002",
      "another Redrill uses this data directory",
      "Stop that one first, or choose another directory: --data of redrill up, `data:` in the"
          + " configuration.",
      ExitStatus.CONFLICT),
  HISTORY_FAILED(
      "E7003",
      "the daemon's database failed",
      "Check the free space, and start the daemon again: a damaged database is then kept aside and"
          + " begun anew. Every backup stays.",
      ExitStatus.FAILURE),

  DEMO_FAILED(
      "E9003",
      "the demonstration could not go on",
      "Read the problem; run it again, or report it as a defect.",
      ExitStatus.FAILURE),
  SERVER_PORT_TAKEN(
      "E9001",
      "another program listens on the server's port already",
      "End that program, or choose another port with --port.",
      ExitStatus.CONFLICT),
  SERVER_NOT_STARTED(
      "E9002",
      "the bundled server could not start",
      "Read the problem; check that its directory can be written and its files are whole.",
      ExitStatus.FAILURE),
  CONSOLE_PORT_TAKEN(
      "E8001",
      "the port of the console is taken",
      "Stop what listens there, or choose another port: --console-port of redrill up,"
          + " `console: { port: … }` in the configuration.",
      ExitStatus.CONFLICT),
  CONSOLE_NOT_LOOPBACK(
      "E8002",
      "the console would be open to other machines, and it has no sign-in yet",
      "Bind it to 127.0.0.1 and reach it through an SSH tunnel or an authenticating proxy.",
      ExitStatus.REFUSED);

  private final String number;
  private final String sentence;
  private final String hint;
  private final ExitStatus status;

  ErrorCode(String number, String sentence, String hint, ExitStatus status) {
    this.number = number;
    this.sentence = sentence;
    this.hint = hint;
    this.status = status;
  }

  /// The stable number, such as `E2101`.
  public String number() {
    return number;
  }

  /// What happened: lower case, without a full stop, the same for every occurrence.
  public String sentence() {
    return sentence;
  }

  /// The next step, as a sentence to act on at night.
  public String hint() {
    return hint;
  }

  /// How a command ends that fails so.
  public ExitStatus status() {
    return status;
  }
}
