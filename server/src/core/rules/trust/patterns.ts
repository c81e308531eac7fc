import type { Text } from '../../text/text';
import { isNamespaceName, isServiceAccountName } from '../../model/subject';

/** One step of a pattern: a sure character, exactly one unknown one, or any number of unknown ones. */
export type Token = { readonly char: string } | 'one' | 'many';

/** Where `*` and `?` stand as wildcards: outside holes and outside policy variables (`${*}` is a literal star). */
export function wildcards(text: Text): readonly number[] {
  if (!/[*?]/.test(text.value)) return [];
  const found: number[] = [];
  walk(text, (offset, char) => {
    if (char === '*' || char === '?') found.push(offset);
  });
  return found;
}

/**
 * The value as a pattern. With `like`, `*` and `?` are wildcards, else literal. A hole or a policy variable may
 * be anything; `${*}`, `${?}` and `${$}` are the characters. With `ignoreCase` all is lower case.
 */
export function tokens(text: Text, like: boolean, ignoreCase = false): readonly Token[] {
  const result: Token[] = [];
  walk(
    text,
    (_, char) => {
      if (like && char === '*') result.push('many');
      else if (like && char === '?') result.push('one');
      else result.push({ char: ignoreCase ? char.toLowerCase() : char });
    },
    (literalChar) => result.push(literalChar === undefined ? 'many' : { char: literalChar }),
  );
  return result;
}

/** Visits the plain characters; calls `special` for holes and policy variables, with the character where one is meant. */
function walk(text: Text, plainChar: (offset: number, char: string) => void, special?: (char: string | undefined) => void): void {
  let hole = 0;
  for (let i = 0; i < text.value.length; i++) {
    while (hole < text.holes.length && text.holes[hole]!.end <= i) hole++;
    const next = text.holes[hole];
    if (next && next.start <= i) {
      special?.(undefined);
      i = next.end - 1;
    } else if (text.value.startsWith('${', i)) {
      const end = text.value.indexOf('}', i);
      // An unclosed variable is text: IAM takes it as it stands.
      if (end < 0 || end - i > 200) {
        plainChar(i, '$');
        continue;
      }
      const name = text.value.slice(i + 2, end);
      special?.(name === '*' || name === '?' || name === '$' ? name : undefined);
      i = end;
    } else {
      plainChar(i, text.value[i]!);
    }
  }
}

/** Whether a literal subject's names are also short enough for Kubernetes. */
export function namesFit(subject: string): boolean {
  const parts = subject.split(':');
  return parts.length === 4 && isNamespaceName(parts[2]!) && isServiceAccountName(parts[3]!);
}

/** Whether a value of a String operator takes the text; wildcards, case and policy variables minded. Holes match nothing. */
export function admitsText(value: Text, operator: { readonly like: boolean; readonly ignoreCase: boolean }, text: string): boolean {
  if (value.holes.length > 0) return false;
  const candidate = operator.ignoreCase ? text.toLowerCase() : text;
  return matches(tokens(value, operator.like, operator.ignoreCase), candidate);
}

/** Greedy matching with one step back to the last star: linear for all but hostile patterns, and never exponential. */
function matches(pattern: readonly Token[], text: string): boolean {
  let [p, t, star, from] = [0, 0, -1, 0];
  while (t < text.length) {
    const token = pattern[p];
    if (token === 'many') {
      star = p++;
      from = t;
    } else if (token !== undefined && (token === 'one' || token.char === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++from;
    } else return false;
  }
  while (pattern[p] === 'many') p++;
  return p === pattern.length;
}
