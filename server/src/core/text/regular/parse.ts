import { escapeClasses, eitherCase, isWord, not, posixClasses } from './characters';
import { choice, codesOf, sequence, type Expression, type Fits } from './expression';

/** How deep groups may nest. */
const deepest = 50;
/** RE2 refuses more in counted repetition. */
const mostRepeats = 1000;

interface Flags {
  readonly ignoreCase: boolean;
  readonly dotAll: boolean;
  readonly multiline: boolean;
}

/**
 * Reads an expression in RE2's syntax, which Terraform and Kustomize use (Go's regexp). Undefined for one that RE2
 * refuses, and for what is not read here: Unicode classes (`\p{Greek}`), `\Q…\E`, octal escapes, `\C` and the flag `U`.
 * Source: github.com/google/re2/wiki/Syntax.
 */
export function parseRegular(source: string): Expression | undefined {
  try {
    return new Parser(source).whole();
  } catch (error) {
    if (error instanceof NotRead) return undefined;
    throw error;
  }
}

/** Ends the reading of an expression that is not read. */
class NotRead extends Error {}

class Parser {
  private readonly codes: string[];
  private at = 0;

  constructor(source: string) {
    this.codes = codesOf(source).map((code) => String.fromCodePoint(code));
  }

  whole(): Expression {
    const read = this.options({ ignoreCase: false, dotAll: false, multiline: false }, 0);
    if (this.at < this.codes.length) throw new NotRead();
    return read;
  }

  private options(given: Flags, depth: number): Expression {
    if (depth > deepest) throw new NotRead();
    let flags = given;
    const options: Expression[][] = [[]];
    let wasRepeat = false;
    for (let next = this.codes[this.at]; next !== undefined && next !== ')'; next = this.codes[this.at]) {
      const last = options[options.length - 1]!;
      if (next === '|') {
        this.at++;
        options.push([]);
        wasRepeat = false;
        continue;
      }
      const set = this.flagsAlone(flags);
      if (set) {
        flags = set;
        wasRepeat = false;
        continue;
      }
      const times = this.times();
      if (!times) {
        last.push(this.single(flags, depth));
        wasRepeat = false;
        continue;
      }
      const of = last.pop();
      // RE2 refuses a repetition of nothing and one of a repetition (`a**`).
      if (!of || wasRepeat) throw new NotRead();
      const greedy = !this.take('?');
      last.push({ kind: 'repeat', of, ...times, greedy });
      wasRepeat = true;
    }
    return choice(options.map(sequence));
  }

  /** `(?i)` and the like: the flags from here to the group's end. */
  private flagsAlone(flags: Flags): Flags | undefined {
    const text = this.codes.slice(this.at, this.at + 12).join('');
    const found = /^\(\?([ims]*)(?:-([ims]+))?\)/.exec(text);
    if (!found || found[0] === '(?)') return undefined;
    this.at += found[0].length;
    return withFlags(flags, found);
  }

  private times(): { min: number; max: number } | undefined {
    if (this.take('*')) return { min: 0, max: Infinity };
    if (this.take('+')) return { min: 1, max: Infinity };
    if (this.take('?')) return { min: 0, max: 1 };
    const counted = /^\{(\d{1,9})(,?)(\d{0,9})\}/.exec(this.codes.slice(this.at, this.at + 22).join(''));
    if (!counted || (counted[2] === '' && counted[3] !== '')) return undefined;
    this.at += counted[0].length;
    const min = Number(counted[1]);
    const max = counted[2] === '' ? min : counted[3] === '' ? Infinity : Number(counted[3]);
    if (min > mostRepeats || (max !== Infinity && max > mostRepeats) || max < min) throw new NotRead();
    return { min, max };
  }

  private single(flags: Flags, depth: number): Expression {
    const next = this.codes[this.at++]!;
    switch (next) {
      case '(':
        return this.group(flags, depth);
      case '[':
        return character(this.brackets(), flags);
      case '.':
        return { kind: 'character', fits: flags.dotAll ? () => true : (code) => code !== 10 };
      case '^':
        return { kind: 'place', holds: (before) => before === undefined || (flags.multiline && before === 10) };
      case '$':
        return { kind: 'place', holds: (_, after) => after === undefined || (flags.multiline && after === 10) };
      case '\\':
        return this.escape(flags);
      default:
        return character(only(next), flags);
    }
  }

  private group(flags: Flags, depth: number): Expression {
    let inner = flags;
    const head = /^\?(?:P?<[A-Za-z_][A-Za-z0-9_]*>|([ims]*)(?:-([ims]+))?:)/.exec(this.codes.slice(this.at, this.at + 100).join(''));
    if (head) {
      this.at += head[0].length;
      if (head[1] !== undefined) inner = withFlags(flags, head);
    } else if (this.codes[this.at] === '?') throw new NotRead();
    const read = this.options(inner, depth + 1);
    if (!this.take(')')) throw new NotRead();
    return read;
  }

  private escape(flags: Flags): Expression {
    const next = this.codes[this.at++];
    const word = (before: number | undefined, after: number | undefined): boolean =>
      (before !== undefined && isWord(before)) !== (after !== undefined && isWord(after));
    switch (next) {
      case 'b':
        return { kind: 'place', holds: word };
      case 'B':
        return { kind: 'place', holds: (before, after) => !word(before, after) };
      case 'A':
        return { kind: 'place', holds: (before) => before === undefined };
      case 'z':
        return { kind: 'place', holds: (_, after) => after === undefined };
      default:
        return character(this.escaped(next), flags);
    }
  }

  /** The characters of an escape, behind its backslash. */
  private escaped(next: string | undefined): Fits {
    if (next === undefined) throw new NotRead();
    const known = Object.hasOwn(escapeClasses, next.toLowerCase()) ? escapeClasses[next.toLowerCase()] : undefined;
    if (known) return next === next.toLowerCase() ? known : not(known);
    const control = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', a: '\x07' }[next];
    if (control !== undefined) return only(control);
    if (next === 'x') {
      const hex = /^(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})/.exec(this.codes.slice(this.at, this.at + 8).join(''));
      const code = parseInt(hex?.[1] ?? hex?.[2] ?? '', 16);
      if (!hex || !(code <= 0x10ffff)) throw new NotRead();
      this.at += hex[0].length;
      return (other) => other === code;
    }
    // A letter or digit that is no escape, a back reference: RE2 refuses them, or they are not read here.
    if (/[0-9A-Za-z]/.test(next)) throw new NotRead();
    return only(next);
  }

  private brackets(): Fits {
    const negated = this.take('^');
    const sets: Fits[] = [];
    for (let first = true; ; first = false) {
      const next = this.codes[this.at];
      if (next === undefined) throw new NotRead();
      if (next === ']' && !first) break;
      const posix = /^\[:(\^?)([a-z]+):\]/.exec(this.codes.slice(this.at, this.at + 12).join(''));
      if (posix) {
        if (!Object.hasOwn(posixClasses, posix[2]!)) throw new NotRead();
        this.at += posix[0].length;
        sets.push(posix[1] === '^' ? not(posixClasses[posix[2]!]!) : posixClasses[posix[2]!]!);
        continue;
      }
      this.at++;
      sets.push(this.range(next));
    }
    this.at++;
    const fits: Fits = (code) => sets.some((each) => each(code));
    return negated ? not(fits) : fits;
  }

  /** One member of brackets, from its first character on: `a`, `a-z`, `\d`. */
  private range(first: string): Fits {
    const low = first === '\\' ? this.escapedMember() : first;
    if (typeof low !== 'string') return low;
    if (this.codes[this.at] !== '-' || this.codes[this.at + 1] === ']' || this.codes[this.at + 1] === undefined) return only(low);
    this.at++;
    const next = this.codes[this.at++]!;
    const high = next === '\\' ? this.escapedMember() : next;
    if (typeof high !== 'string') throw new NotRead();
    const [from, to] = [low.codePointAt(0)!, high.codePointAt(0)!];
    if (from > to) throw new NotRead();
    return (code) => code >= from && code <= to;
  }

  /** An escape in brackets: a character where it is one, for a range may begin with it. */
  private escapedMember(): string | Fits {
    const next = this.codes[this.at++];
    return next !== undefined && !/[0-9A-Za-z]/.test(next) ? next : this.escaped(next);
  }

  private take(what: string): boolean {
    if (this.codes[this.at] !== what) return false;
    this.at++;
    return true;
  }
}

function only(text: string): Fits {
  const code = text.codePointAt(0)!;
  return (other) => other === code;
}

function character(fits: Fits, { ignoreCase }: Flags): Expression {
  return { kind: 'character', fits: ignoreCase ? eitherCase(fits) : fits };
}

function withFlags(flags: Flags, [, on = '', off = '']: readonly (string | undefined)[]): Flags {
  const set = (name: string, before: boolean): boolean => (off.includes(name) ? false : on.includes(name) || before);
  return { ignoreCase: set('i', flags.ignoreCase), dotAll: set('s', flags.dotAll), multiline: set('m', flags.multiline) };
}
