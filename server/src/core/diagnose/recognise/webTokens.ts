import { tokensIn } from '../door/tokens';
import type { Reading } from '../evidence';
import { read, matchesOf, type Collector, type Prepared, type Recogniser } from './recogniser';
import { issuerReading, subjectReadings } from './values';

/** Web tokens, and what decoders print of them. Of a claim nothing is shown but issuer, audience, subject and end. */
export const webTokens: Recogniser = {
  name: 'a token',
  read(paste, found) {
    for (const token of tokensIn(paste.raw).slice(0, 50)) {
      const own: Prepared = { ...paste, at: () => token.start + paste.base };
      claims(own, found, decode(token.payload), 'the token', 0);
    }
    for (const match of matchesOf(paste.text, /"sub"\s{0,4}:\s{0,4}"system:serviceaccount:[a-z0-9:.-]{1,320}"/g)) {
      const start = Math.max(0, match.index - 1500);
      const around = paste.text.slice(start, match.index + 1500);
      if (/"iss"\s{0,4}:/.test(around) && /"aud"\s{0,4}:/.test(around)) claims(paste, found, around, 'the decoded token', start);
    }
  },
};

/** The text of a base64url payload; what cannot be decoded is left out. */
function decode(payload: string): string {
  const text = payload.replace(/=+$/, '').replaceAll('-', '+').replaceAll('_', '/');
  const usable = text.slice(0, text.length - (text.length % 4 === 1 ? 1 : 0));
  try {
    return atob(usable);
  } catch {
    return '';
  }
}

/** Reads the claims, also those of a payload that is cut. */
function claims(paste: Prepared, found: Collector, text: string, from: string, base: number): void {
  const readings: Reading[] = [];
  const issuer = /"iss"\s{0,4}:\s{0,4}"([^"]{1,300})"/.exec(text);
  if (issuer) readings.push(...issuerReading(paste, issuer[1]!, base + issuer.index, `${from}, iss`));
  const subject = /"sub"\s{0,4}:\s{0,4}"([^"]{1,360})"/.exec(text);
  if (subject) readings.push(...subjectReadings(paste, subject[1]!, base + subject.index, `${from}, sub`));
  const audiences = /"aud"\s{0,4}:\s{0,4}(?:"([^"]{1,300})"|\[([^\]]{1,1000})\])/.exec(text);
  if (audiences) {
    const values = audiences[1] === undefined ? [...audiences[2]!.matchAll(/"([^"]{1,300})"/g)].map((each) => each[1]!) : [audiences[1]];
    for (const value of values.slice(0, 8))
      if (/^[A-Za-z0-9][\w.:/-]{0,120}$/.test(value)) readings.push(read(paste, 'audience', value, base + audiences.index, `${from}, aud`));
  }
  if (readings.length === 0) return;
  const expires = /"exp"\s{0,4}:\s{0,4}(\d{9,11})(?!\d)/.exec(text)?.[1];
  found.observe({
    carrier: 'token',
    paste: paste.paste,
    offset: readings[0]!.offset,
    readings,
    ...(expires === undefined ? {} : { expires: Number(expires) }),
  });
}
