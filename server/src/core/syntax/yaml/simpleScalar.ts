import { findHoles } from '../../text/holes';
import type { Encoding } from '../../text/text';
import type { ScalarNode } from '../tree';
import { readScalar } from './scalars';
import { plainType } from './types';

const keyOptions = { key: true } as const;
const valueOptions = {} as const;
// Facts and trees share these: there are as many scalars as words.
const plain: readonly Encoding[] = [{ kind: 'yaml-plain' }];
const single: readonly Encoding[] = [{ kind: 'yaml-single' }];
const double: readonly Encoding[] = [{ kind: 'json' }];

/** The scalar that stands from `start` to `end` on one line, quotes included. The same as {@link readScalar} makes of its token. */
export function simpleScalar(text: string, start: number, end: number, isKey: boolean): ScalarNode {
  const options = isKey ? keyOptions : valueOptions;
  const first = text.charCodeAt(start);
  const outer = { start, end };
  if (first !== 34 && first !== 39) {
    const value = text.slice(start, end);
    return {
      kind: 'scalar',
      value,
      holes: findHoles(value, options),
      span: outer,
      outer,
      encodings: plain,
      quoted: false,
      type: plainType(value),
    };
  }
  const value = text.slice(start + 1, end - 1);
  if (first === 34 ? value.includes('\\') : value.includes("'")) {
    return readScalar(
      { type: first === 34 ? 'double-quoted-scalar' : 'single-quoted-scalar', offset: start, indent: 0, source: text.slice(start, end) },
      options,
    );
  }
  const span = { start: start + 1, end: end - 1 };
  return {
    kind: 'scalar',
    value,
    holes: findHoles(value, options),
    span,
    outer,
    encodings: first === 34 ? double : single,
    quoted: true,
    type: 'string',
  };
}

/** Whether a plain scalar may begin at an offset without any doubt: letters, digits, a few marks, and dashes before one of them (`-1`, `--flag`). */
export function startsPlain(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return (
    isPlainStart(code) ||
    (code === 45 && (isPlainStart(text.charCodeAt(at + 1)) || (text.charCodeAt(at + 1) === 45 && isPlainStart(text.charCodeAt(at + 2)))))
  );
}

function isPlainStart(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 47 && code <= 57) ||
    code === 95 ||
    code === 36 ||
    code === 46 ||
    code > 159
  );
}
