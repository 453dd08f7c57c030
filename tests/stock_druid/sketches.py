"""Images of sketches, as answers show them, read into what they say. Each reader gives a dict of that, without what Druid does not
promise: the order of entries, numbers drawn at random. None: no such image."""

import base64
import collections
import struct


def image(value):
    try:
        return base64.b64decode(value, validate=True)
    except (TypeError, ValueError):
        return b""


def reading(read):
    """A reader that gives None for what is no image."""
    def whole(value):
        try:
            return read(image(value))
        except (struct.error, IndexError):
            return None
    return whole


def array(code, data, begin, count):
    return struct.unpack_from(f"{code[0]}{count}{code[1]}", data, begin)


@reading
def hll(data):
    """Coupons, or registers and `history`: the estimate that follows the order of the values."""
    words, lg_k, least, mode = data[0], data[3], data[6], data[7]
    said = {"lg_k": lg_k, "type": mode >> 2 & 3, "mode": mode & 3}
    if mode & 3 < 2:
        count = least if mode & 3 == 0 else array("<I", data, 8, 1)[0]
        return {**said, "coupons": sorted(array("<I", data, 4 * words, count))}
    registers = {0: 1 << lg_k >> 1, 1: (3 << lg_k >> 2) + 1, 2: 1 << lg_k}[mode >> 2 & 3]
    exceptions = sorted(array("<I", data, 40 + registers, (len(data) - 40 - registers) // 4))
    return {**said, "least": least, "out of order": data[5] & 16, "registers": data[40:40 + registers],
            "exceptions": exceptions, "history": array("<d", data, 8, 1)[0]}


@reading
def theta(data):
    words, flags = data[0] & 63, data[5]
    if flags & 4:
        return {"empty": True}
    count = 1 if words == 1 else array("<I", data, 8, 1)[0]
    return {"empty": False, "theta": array("<Q", data, 16, 1)[0] if words > 2 else None,
            "hashes": sorted(array("<Q", data, 8 * words, count))}


@reading
def tuples(data):
    """Hashes, each with its sums."""
    flags, width = data[4], data[5]
    said = {"empty": flags & 4, "theta": array("<Q", data, 8, 1)[0]}
    count = array("<I", data, 16, 1)[0] if flags & 8 else 0
    hashes, sums = array("<Q", data, 24, count) if count else (), array("<d", data, 24 + 8 * count, width * count) if count else ()
    entries = sorted((hash, sums[i * width:(i + 1) * width]) for i, hash in enumerate(hashes))
    return {**said, "hashes": [hash for hash, _ in entries], "sums": [number for _, numbers in entries for number in numbers]}


def kll(code):
    """`values`: all of them, where the sketch keeps all, which it does on one level; else None."""
    @reading
    def read(data):
        width, said = struct.calcsize(code), {"m": data[6]}
        if data[3] & 1:
            return {**said, "count": 0, "values": []}
        if data[3] & 4:
            return {**said, "count": 1, "values": list(array(code, data, 8, 1))}
        begin = 20 + 4 * data[18]
        least, most = array(code, data, begin, 2)
        values = sorted(array(code, data, begin + 2 * width, len(data[begin:]) // width - 2)) if data[18] == 1 else None
        return {**said, "count": array("<Q", data, 8, 1)[0], "least": least, "most": most, "values": values}
    return read


@reading
def quantiles(data):
    """`values`: all of them, where they are fewer than twice k; else None."""
    k = array("<H", data, 4, 1)[0]
    if data[3] & 4:
        return {"k": k, "count": 0, "values": []}
    count, least, most = struct.unpack_from("<Qdd", data, 8)
    values = sorted(array("<d", data, 32, count)) if count < 2 * k else None
    return {"k": k, "count": count, "least": least, "most": most, "values": values}


def registers(data):
    """{place: value} of what cardinality collects: the bytes of its registers that are not 0."""
    body = data[7:]
    if len(body) == 1024:
        return {place: value for place, value in enumerate(body) if value}
    return {place - 7: value for place, value in struct.iter_unpack(">hB", body)}


@reading
def histogram(data):
    """Druid's approximate histogram: how many values at which positions."""
    size = array(">h", data, 0, 1)[0]
    bins = collections.Counter()
    if size >= 0:
        size, count = struct.unpack_from(">ii", data)
        slots = size if count > 0 else -count
        marked = array(">Q", data, 8 + 4 * slots, slots)
        for position, number in zip(array(">f", data, 8, slots), marked):
            bins[position] += number & ~(1 << 63)
        least, most = struct.unpack_from(">ff", data, 8 + 12 * slots)
        return {"size": size, "least": least, "most": most, "bins": bins}
    at, ends = 3, ()
    count = array(">b", data, 2, 1)[0]
    if count < 0:
        bins.update(array(">f", data, at, -count))
        ends = struct.unpack_from(">ff", data, at - 4 * count)
        at += 9 - 4 * count
        count = array(">b", data, at - 1, 1)[0]
    bins.update(array(">f", data, at, count))
    least, most = ends or (min(bins, default=0), max(bins, default=0))
    return {"size": -size, "least": least, "most": most, "bins": bins}


@reading
def mean(data):
    total, count = struct.unpack(">dq", data)
    return {"sum": total, "count": count}
