import type { Clean } from './clean';

/** A text without white space and in lower case: a phrase is found in it however its lines are wrapped. */
export interface Compact {
  readonly text: string;
  /** The offset in the clean text of each character. */
  readonly offsets: Int32Array;
}

/** The compact form of a clean text. Linear. */
export function compact({ text }: Pick<Clean, 'text'>): Compact {
  const offsets = new Int32Array(text.length);
  const kept: number[] = [];
  const parts: string[] = [];
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 32 || code === 10 || code === 9) continue;
    offsets[length++] = i;
    kept.push(code >= 65 && code <= 90 ? code + 32 : code);
    if (kept.length >= 8192) parts.push(String.fromCharCode(...kept.splice(0)));
  }
  parts.push(String.fromCharCode(...kept));
  return { text: parts.join(''), offsets: offsets.subarray(0, length) };
}

/** A phrase as it stands in a compact text. */
export function compactPhrase(phrase: string): string {
  return phrase.replace(/\s+/g, '').toLowerCase();
}
