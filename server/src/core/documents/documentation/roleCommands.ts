import type { Target } from './piece';
import type { Region } from './region';
import { closingQuote } from './unwrap';

/** A command of the AWS CLI that gives a role its trust policy. */
export interface RoleCommand {
  /** Where it stands. */
  readonly start: number;
  readonly roleName: string;
  /** What holds the policy: a file, a variable, or the word that begins at an offset. */
  readonly policy: Target | { readonly kind: 'word'; readonly start: number };
}

const command = /\baws\b(?:[ \t]+--[\w-]+(?:[= \t]+[\w./:-]+)?)*[ \t]+iam[ \t]+(create-role|update-assume-role-policy)\b/g;

/** Every `aws iam create-role` and `update-assume-role-policy` of a stretch whose role's name is written out. */
export function roleCommands(
  text: string,
  region: Region,
  passOver: readonly { readonly start: number; readonly end: number }[],
): RoleCommand[] {
  const found: RoleCommand[] = [];
  const part = text.slice(region.start, region.end);
  let over = 0;
  let next = 0;
  for (const match of part.matchAll(command)) {
    const index = region.start + match.index;
    while (over < passOver.length && passOver[over]!.end <= index) over++;
    if (index < next || (passOver[over]?.start ?? Infinity) <= index) continue;
    const { options, end } = optionsOf(text, index + match[0].length, Math.min(region.end, index + longest));
    next = end;
    const roleName = options.get('role-name')?.value;
    const policy = options.get(match[1] === 'create-role' ? 'assume-role-policy-document' : 'policy-document');
    const source = policy && sourceOf(policy);
    if (roleName !== undefined && /^[\w+=,.@-]{1,64}$/.test(roleName) && source) found.push({ start: index, roleName, policy: source });
  }
  return found;
}

interface Word {
  readonly value: string;
  readonly start: number;
}

/** The longest command that is read, a policy in it included. */
const longest = 20_000;

/** The options of a command and their values, and where its last word ends. */
function optionsOf(text: string, from: number, limit: number): { options: Map<string, Word>; end: number } {
  const options = new Map<string, Word>();
  let name: string | undefined;
  let end = from;
  for (const word of words(text, from, limit)) {
    end = word.start + word.value.length;
    const option = /^--([a-z][a-z-]*)(?:=([^]*))?$/.exec(word.value);
    if (option) {
      if (option[2] !== undefined) options.set(option[1]!, { value: option[2], start: word.start + word.value.length - option[2].length });
      name = option[2] === undefined ? option[1] : undefined;
    } else if (name !== undefined) {
      options.set(name, word);
      name = undefined;
    }
  }
  return { options, end };
}

/** The words of one command, quotes taken off. */
function* words(text: string, from: number, end: number): Generator<Word> {
  let value = '';
  let start: number | undefined;
  for (let i = from; i < end; i++) {
    const char = text[i]!;
    if (char === '\\' && /[\r\n]/.test(text[i + 1] ?? '')) {
      i += text[i + 1] === '\r' ? 2 : 1;
      continue;
    }
    if (/[ \t]/.test(char)) {
      if (start !== undefined) yield { value, start };
      value = '';
      start = undefined;
      continue;
    }
    if (/[\n\r;|&)`]/.test(char)) break;
    start ??= i;
    if (char === "'" || char === '"') {
      const close = char === "'" ? text.indexOf("'", i + 1) : closingQuote(text, i + 1, end);
      if (close < 0 || close >= end) return;
      value += text.slice(i + 1, close);
      i = close;
    } else value += char;
  }
  if (start !== undefined) yield { value, start };
}

function sourceOf({ value, start }: Word): RoleCommand['policy'] | undefined {
  const file = /^(?:file:\/\/|\$\([ \t]*cat[ \t]+)([^\s)]+)\)?$/.exec(value)?.[1];
  if (file !== undefined) return { kind: 'file', name: file };
  const variable = /^\$\{?([A-Za-z_]\w*)\}?$/.exec(value)?.[1];
  if (variable !== undefined) return { kind: 'variable', name: variable };
  return /^\s*\{/.test(value) ? { kind: 'word', start } : undefined;
}
