import { Decoder, type Decoded } from '../scalar';

const simple: Record<string, string> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/**
 * Decodes the inside of a JSON string (quotes excluded) that stands at `offset`. An escape that JSON
 * does not know stays as written.
 */
export function decodeJsonString(source: string, offset: number): Decoded {
  let slash = source.indexOf('\\');
  if (slash < 0) return { value: source };
  const decoder = new Decoder();
  let from = 0;
  while (slash >= 0) {
    decoder.add(source.slice(from, slash), offset + from);
    const next = source[slash + 1] ?? '';
    const hex = next === 'u' ? /^[0-9a-fA-F]{4}/.exec(source.slice(slash + 2, slash + 6)) : null;
    const decoded = hex ? String.fromCharCode(parseInt(hex[0], 16)) : simple[next];
    const width = hex ? 6 : decoded === undefined ? 1 : 2;
    decoder.add(decoded ?? '\\', offset + slash);
    from = slash + width;
    slash = source.indexOf('\\', from);
  }
  decoder.add(source.slice(from), offset + from);
  return decoder.done(offset);
}
