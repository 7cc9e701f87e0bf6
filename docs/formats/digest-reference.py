#!/usr/bin/env python3
"""A second implementation of the digest of digest.md, which computed the vectors there.

Needs the Python package xxhash. It is written for the reader, not for speed.
"""
import struct
import xxhash

WORD = (1 << 64) - 1
ALL = (1 << 128) - 1


def h(data):
    return int(xxhash.xxh3_128(data).hexdigest(), 16)


def mix(x):
    x ^= x >> 33
    x = x * 0xFF51AFD7ED558CCD & WORD
    x ^= x >> 33
    x = x * 0xC4CEB9FE1A85EC53 & WORD
    return x ^ x >> 33


def rotate32(x):
    return (x << 32 | x >> 32) & WORD


def c(a, b):
    """C(a, b), each 128 bits."""
    spread = 0x9E3779B97F4A7C15
    a_high, a_low, b_high, b_low = a >> 64, a & WORD, b >> 64, b & WORD
    low = mix(a_low + rotate32(b_high) + b_low * spread & WORD)
    high = mix(a_high + rotate32(b_low) + b_high * spread & WORD)
    return high << 64 | low


def n(number):
    return number & WORD


def pair(high, low):
    return n(high) << 64 | n(low)


def bits(double):
    return struct.unpack("<q", struct.pack("<d", double + 0.0))[0]


def summed(hashes):
    return sum(hashes) & ALL


def key(name, kind, count, value, expiry=-1):
    return c(c(c(c(h(name), n(expiry)), n(kind)), n(count)), value)


def string(value):
    return 1, 1, h(value)


def list_(elements):
    return 2, len(elements), summed(c(h(e), n(i)) for i, e in enumerate(elements))


def set_(members):
    return 3, len(members), summed(h(m) for m in members)


def sorted_set(members):
    return 4, len(members), summed(c(h(m), n(bits(score))) for m, score in members)


def hash_(fields):
    total = []
    for field, value, expiry in fields:
        one = c(h(field), h(value))
        total.append(one if expiry == -1 else c(one, n(expiry)))
    return 5, len(fields), summed(total)


def stream(entries, last_id, groups):
    total = [c(0, pair(*last_id))]
    for entry_id, fields in entries:
        one = summed(c(c(h(f), h(v)), n(i)) for i, (f, v) in enumerate(fields))
        total.append(c(c(one, pair(*entry_id)), n(len(fields))))
    for name, delivered, pending, consumers in groups:
        pendings = summed(c(c(0, pair(*i)), pair(at, times)) for i, at, times in pending)
        owners = summed(c(h(who), summed(c(0, pair(*i)) for i in ids)) for who, ids in consumers)
        one = c(h(name), pair(*delivered))
        one = c(c(one, pendings), n(len(pending)))
        total.append(c(c(one, owners), n(len(consumers))))
    return 6, len(entries), summed(total)


def module(name, stored):
    return 7, 1, c(h(name), h(stored))


def vector_set(dimensions, quantization, vectors):
    total = [c(0, pair(dimensions, quantization))]
    for element, attributes, vector, range_, norm in vectors:
        one = c(c(h(element), h(attributes)), h(vector))
        as_bits = [struct.unpack("<i", struct.pack("<f", x))[0] for x in (range_, norm)]
        total.append(c(one, pair(*as_bits)))
    return 8, len(vectors), summed(total)


def array(elements):
    total = []
    for index, value in elements:
        if isinstance(value, bytes):
            total.append(c(h(value), pair(index, 0)))
        elif isinstance(value, int):
            total.append(c(c(0, n(value)), pair(index, 1)))
        else:
            raw = struct.unpack("<q", struct.pack("<d", value))[0]
            total.append(c(c(0, n(raw)), pair(index, 2)))
    return 9, len(elements), summed(total)


if __name__ == "__main__":
    ID = (1000, 0)
    IN_2030 = 1893456000000
    orders = stream(
        [(ID, [(b"id", b"1")])],
        (1001, 5),
        [(b"g", ID, [(ID, 1500, 2)], [(b"c1", [ID]), (b"c2", [])])],
    )
    keys = [
        ("string", -1, key(b"greeting", *string(b"hello"))),
        ("string", IN_2030, key(b"session", *string(b""), IN_2030)),
        ("list", -1, key(b"queue", *list_([b"a", b"b", b"a"]))),
        ("set", -1, key(b"tags", *set_([b"red", b"12"]))),
        ("zset", -1, key(b"board", *sorted_set([(b"ann", 1.5), (b"bob", -0.0)]))),
        ("hash", -1, key(b"cart", *hash_([(b"sku", b"7", -1), (b"qty", b"2", IN_2030)]))),
        ("stream", -1, key(b"orders", *orders)),
        ("module", -1, key(b"m", *module(b"redrill-t", bytes([1, 2, 3])))),
        ("vectorset", -1, key(b"v", *vector_set(2, 1, [(b"e", b"{}", bytes([127, 1]), 0.5, 2.0)]))),
        ("array", -1, key(b"a", *array([(0, b"x"), (7, -3), (9, 2.5)]))),
    ]
    for kind, expiry, value in keys:
        print(kind, "%032x" % value)
    lines = ["redrill-digest 2"]
    for kind in dict.fromkeys(k for k, _, _ in keys):
        of_kind = [(e, v) for k, e, v in keys if k == kind]
        expiring = sum(e >= 0 for e, _ in of_kind)
        lines.append("0 %s %d %d %032x" % (kind, len(of_kind), expiring, summed(v for _, v in of_kind)))
    lines.append("functions 1 %032x" % h(b"#!lua name=f\n"))
    text = "".join(line + "\n" for line in lines)
    print(text, end="")
    print("fingerprint %032x" % h(text.encode()))
