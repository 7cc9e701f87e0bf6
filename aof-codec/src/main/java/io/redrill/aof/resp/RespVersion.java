package io.redrill.aof.resp;

/// The versions of the protocol. A connection speaks version 2 until `HELLO 3`.
public enum RespVersion {
  RESP2,
  RESP3
}
