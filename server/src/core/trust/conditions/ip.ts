/** An address, or a range of them, as bytes. */
interface Range {
  readonly bytes: readonly number[];
  readonly bits: number;
}

/** Whether an address lies in a range written as CIDR; without a prefix it is one host. False where either is none. IPv4 and IPv6. */
export function inRange(address: string, cidr: string): boolean {
  const range = parseRange(cidr);
  const host = parseRange(address);
  if (!range || !host || host.bytes.length !== range.bytes.length || host.bits !== host.bytes.length * 8) return false;
  const whole = range.bits >> 3;
  for (let i = 0; i < whole; i++) if (host.bytes[i] !== range.bytes[i]) return false;
  const rest = range.bits & 7;
  if (rest === 0) return true;
  const mask = (0xff << (8 - rest)) & 0xff;
  return (host.bytes[whole]! & mask) === (range.bytes[whole]! & mask);
}

function parseRange(text: string): Range | undefined {
  const slash = text.indexOf('/');
  const bytes = parseAddress((slash < 0 ? text : text.slice(0, slash)).trim());
  if (!bytes) return undefined;
  if (slash < 0) return { bytes, bits: bytes.length * 8 };
  const prefix = text.slice(slash + 1).trim();
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > bytes.length * 8) return undefined;
  return { bytes, bits: Number(prefix) };
}

function parseAddress(text: string): readonly number[] | undefined {
  return text.includes(':') ? parseV6(text) : parseV4(text);
}

function parseV4(text: string): readonly number[] | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((p) => /^\d{1,3}$/.test(p) && Number(p) < 256)) return undefined;
  return parts.map(Number);
}

function parseV6(text: string): readonly number[] | undefined {
  if (text.length > 45) return undefined;
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':').flatMap(groupBytes)));
  if (groups.some((g) => g.includes(undefined))) return undefined;
  const [head, tail = []] = groups as number[][];
  const missing = 16 - head!.length - tail.length;
  if (halves.length === 2 ? missing < 2 : missing !== 0) return undefined;
  return [...head!, ...new Array<number>(missing).fill(0), ...tail];
}

function groupBytes(group: string): (number | undefined)[] {
  if (group.includes('.')) return [...(parseV4(group) ?? [undefined])];
  if (!/^[0-9a-f]{1,4}$/i.test(group)) return [undefined];
  const value = parseInt(group, 16);
  return [value >> 8, value & 0xff];
}
