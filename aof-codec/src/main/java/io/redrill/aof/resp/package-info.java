/// The wire protocol RESP, versions 2 and 3: commands and replies in and out of a stream of bytes.
///
/// [RespReader] and [RespWriter] do the bytes, [RespReply] is what a server answers, and
/// [RespConnection] is a small blocking client for the few conversations that Redrill holds with
/// the servers it protects. Nothing here knows what a command means.
package io.redrill.aof.resp;
