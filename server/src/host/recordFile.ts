import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { readRegular } from './readText';

/** Bytes of a record's checksum. */
const sumLength = 20;
const headLength = 4 + sumLength;
/** A larger file is none of ours: what is kept of a hundred thousand files takes less. */
const limit = 256 * 1024 * 1024;

/** One record of a file: its length, a checksum, and plain data in which objects that were one stay one. */
export function encodeRecord(data: unknown): Buffer {
  const body = serialize(data);
  const head = Buffer.alloc(headLength);
  head.writeUInt32LE(body.length);
  sumOf(body).copy(head, 4);
  return Buffer.concat([head, body]);
}

/**
 * Writes a file of records so that whoever reads it meanwhile, or after a crash, finds the old one or the new one whole.
 * @param title what the file is and for which version; who reads it must name the same
 */
export function writeRecords(path: string, title: string, records: readonly Buffer[]): void {
  mkdirSync(dirname(path), { recursive: true });
  const aside = `${path}.${process.pid}`;
  try {
    // Never through a link or over what another left under this name.
    rmSync(aside, { force: true });
    writeFileSync(aside, Buffer.concat([Buffer.from(`${title}\n`), ...records]), { flag: 'wx', mode: 0o600 });
    renameSync(aside, path);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
}

/** The records of a file, one at each step. None where it is missing, is no regular file or has another title; those before a torn place. Never throws. */
export function* readRecords(path: string, title: string): Generator<unknown> {
  const read = readRegular(path, limit);
  if (read.kind !== 'bytes') return;
  const { bytes } = read;
  const head = Buffer.from(`${title}\n`);
  if (!bytes.subarray(0, head.length).equals(head)) return;
  for (let at = head.length; at + headLength <= bytes.length;) {
    const end = at + headLength + bytes.readUInt32LE(at);
    const body = bytes.subarray(at + headLength, end);
    if (end > bytes.length || !sumOf(body).equals(bytes.subarray(at + 4, at + headLength))) return;
    let record: unknown;
    try {
      record = deserialize(body);
    } catch {
      return;
    }
    yield record;
    at = end;
  }
}

function sumOf(body: Buffer): Buffer {
  return createHash('sha1').update(body).digest();
}
