import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeText, readBytes, readText } from '../../server/src/host/readText';
import { folder } from '../support/folder';

function reasonOf(bytes: Uint8Array): string {
  const result = readBytes(Buffer.from(bytes));
  return result.kind === 'skipped' ? result.reason : result.kind;
}

describe('reading bytes', () => {
  it('keeps a byte order mark out of the text', () => {
    expect(readBytes(Buffer.from('\uFEFFa: ä\r\n'))).toEqual({
      kind: 'text',
      file: { text: 'a: ä\r\n', encoding: { name: 'utf8', bom: true } },
    });
  });

  it('decodes UTF-16 by its mark', () => {
    for (const name of ['utf16le', 'utf16be'] as const) {
      const file = { text: 'kind: ServiceAccount 🙂', encoding: { name, bom: true } };
      expect(readBytes(encodeText(file.text, file.encoding))).toEqual({ kind: 'text', file });
    }
  });

  it('names the first byte that is not UTF-8', () => {
    expect(reasonOf(Buffer.from('name: café', 'latin1'))).toBe('not UTF-8: byte 0xE9 at offset 9');
    expect(reasonOf(Buffer.from([0x61, 0xff, 0x62]))).toBe('not UTF-8: byte 0xFF at offset 1');
    expect(reasonOf(Buffer.from([0x61, 0xc3]))).toBe('not UTF-8: byte 0xC3 at offset 1');
    expect(reasonOf(Buffer.from([0xed, 0xa0, 0x80]))).toBe('not UTF-8: byte 0xED at offset 0');
  });

  it('names a NUL, and half a character of UTF-16', () => {
    expect(reasonOf(Buffer.from('a\0b'))).toBe('binary: a NUL byte at offset 1');
    expect(reasonOf(Buffer.from([0xff, 0xfe, 0x61]))).toContain('not UTF-16');
  });

  it('takes an empty file as an empty text', () => {
    expect(readBytes(Buffer.alloc(0))).toEqual({ kind: 'text', file: { text: '', encoding: { name: 'utf8', bom: false } } });
  });

  it('asks for the raw words before it decodes', () => {
    expect(readBytes(Buffer.from('kind: Pod'), (raw) => raw.includes('Role')).kind).toBe('irrelevant');
    expect(readBytes(Buffer.from('\uFEFFé Role'), (raw) => raw.includes('Role')).kind).toBe('text');
  });

  it('gives back what it encoded, for any text and encoding', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom('utf8', 'utf16le', 'utf16be'), (text, name) => {
        // A text that begins with a mark of its own cannot be told from the mark.
        fc.pre(!text.startsWith('\uFEFF') && !text.includes('\0'));
        expect(readBytes(encodeText(text, { name, bom: true }))).toEqual({ kind: 'text', file: { text, encoding: { name, bom: true } } });
      }),
    );
  });

  it('never throws, and finds a bad byte wherever UTF-8 is broken', () => {
    fc.assert(
      fc.property(fc.uint8Array({ max: 255, min: 1, maxLength: 40 }), (bytes) => {
        const buffer = Buffer.from(bytes);
        const result = readBytes(buffer);
        if (result.kind !== 'skipped' || !result.reason.startsWith('not UTF-8')) return;
        const offset = Number(/offset (\d+)$/.exec(result.reason)![1]);
        expect(readBytes(buffer.subarray(0, offset)).kind).toBe('text');
      }),
    );
  });
});

describe('reading files', () => {
  it('says why a file is not read', () => {
    const root = folder({ 'a.yaml': 'x'.repeat(100) });
    expect(readText(join(root, 'no.yaml'))).toEqual({ kind: 'skipped', reason: 'no such file' });
    expect(readText(root)).toEqual({ kind: 'skipped', reason: 'a folder' });
    expect(readText(join(root, 'a.yaml'), { limit: 50 })).toEqual({ kind: 'skipped', reason: 'too large: 0.0 MB, the limit is 0.0 MB' });
  });

  it.skipIf(process.platform === 'win32')('does not wait for a pipe that nobody writes to', () => {
    const root = folder();
    execFileSync('mkfifo', [join(root, 'pipe.yaml')]);
    expect(readText(join(root, 'pipe.yaml'))).toEqual({ kind: 'skipped', reason: 'a named pipe' });
  });
});
