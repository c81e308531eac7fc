/** One field of a record, and where it stands in it (its quotes included). */
export interface Field {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Reads one record as Go's encoding/csv does with its defaults, which the webhook uses; undefined where Go gives an
 * error (a bare quote in a field, text after a closing quote, no closing quote). Only the first line counts.
 */
export function readRecord(text: string): Field[] | undefined {
  const line = text.replace(/^[\r\n]+/, '');
  const skipped = text.length - line.length;
  const fields: Field[] = [];
  let at = 0;
  for (;;) {
    const start = at;
    let value = '';
    if (line[at] === '"') {
      for (at++; ; at++) {
        if (at >= line.length) return undefined;
        if (line[at] !== '"') value += line[at];
        else if (line[at + 1] === '"') value += line[at++];
        else break;
      }
      at++;
      if (at < line.length && !/[,\r\n]/.test(line[at]!)) return undefined;
    } else {
      while (at < line.length && !/[,\r\n]/.test(line[at]!)) at++;
      value = line.slice(start, at);
      if (value.includes('"')) return undefined;
    }
    fields.push({ value, start: start + skipped, end: at + skipped });
    if (line[at] !== ',') return fields;
    at++;
  }
}
