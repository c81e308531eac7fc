import { posixClasses } from '../regular/characters';
import type { Fits } from '../regular/expression';

/**
 * Reads the brackets of a file pattern (`[a-z]`, `[!x]`, `[[:alpha:]]`) at an offset: the set, which never holds `/`, and
 * the offset behind it. Undefined where no bracket closes them.
 */
export function readBrackets(text: string, from: number): { readonly fits: Fits; readonly end: number } | undefined {
  if (text.indexOf(']', from + 2) < 0) return undefined;
  let at = from + 1;
  const negated = text[at] === '!' || text[at] === '^';
  if (negated) at++;
  const sets: Fits[] = [];
  for (let first = true; at < text.length; first = false) {
    const character = text[at]!;
    if (character === ']' && !first) {
      return { fits: (code) => code !== slash && sets.some((fits) => fits(code)) !== negated, end: at + 1 };
    }
    const posix = character === '[' && text[at + 1] === ':' ? /^\[:([a-z]+):\]/.exec(text.slice(at, at + 12)) : null;
    if (posix) {
      const named = Object.hasOwn(posixClasses, posix[1]!) ? posixClasses[posix[1]!] : undefined;
      sets.push(named ?? (() => false));
      at += posix[0].length;
      continue;
    }
    const low = member(text, at);
    at = low.end;
    if (text[at] === '-' && at + 1 < text.length && text[at + 1] !== ']') {
      const high = member(text, at + 1);
      sets.push((code) => code >= low.code && code <= high.code);
      at = high.end;
    } else {
      sets.push((code) => code === low.code);
    }
  }
  return undefined;
}

const slash = 47;

/** A character in brackets; a backslash takes the next one as it is. */
function member(text: string, at: number): { readonly code: number; readonly end: number } {
  const escaped = text[at] === '\\' && at + 1 < text.length;
  return { code: text.charCodeAt(escaped ? at + 1 : at), end: at + (escaped ? 2 : 1) };
}
