/**
 * The names of the service accounts that a YAML text defines, told by its lines alone: at a hundredth of what parsing
 * costs. Whatever is written in an unusual way is left to the parser.
 */

/** The name of an account that has none in its file (chart values that leave it to the chart): nobody asks for it by name. */
const nameless = '';

const comment = /^[ \t]*#/;
const blank = /^[ \t\r]*$/;
const entry = /^([\w.-]+):(?:[ \t]+(.*))?$/;

/**
 * The name of the one object of kind ServiceAccount that a document is; undefined where its lines do not plainly say.
 * @param text a document with one `kind:` and a `metadata:` at the margin
 */
export function nameOfManifest(text: string): string | undefined {
  const lines = linesAfter(text, /^metadata:[ \t]*(?:#[^\n]*)?\r?$/m);
  if (!lines || isBrokenMap(text)) return undefined;
  let name: string | undefined;
  for (const { key, value } of entriesOf(lines)) {
    if (key === undefined) return undefined;
    if (key !== 'name') continue;
    if (name !== undefined) return undefined;
    name = plainName(value);
    if (name === undefined) return undefined;
  }
  return name;
}

/** The namespace of the one object that a document is; undefined where its lines do not plainly say. To be asked of the same documents. */
export function namespaceOfManifest(text: string): string | undefined {
  return /^metadata:[ \t]*(?:#.*)?\n( +)(?:[^\s#].*\n(?:(?:\1 .*|)\n)*\1)*?namespace:[ \t]+([a-z0-9-]+)[ \t]*$/m.exec(text)?.[2];
}

/**
 * The name of the account that a block of chart values makes: `serviceAccount:` and the lines below it that are indented
 * further. Undefined where its lines do not plainly say.
 * @param start the offset of the block's first line
 */
export function nameOfValues(text: string, start: number): { readonly name: string; readonly end: number } | undefined {
  const lines = blockAt(text, start);
  let name = nameless;
  for (const { key, value } of entriesOf(lines.below)) {
    if (key === undefined) return undefined;
    // A map within it may be an account of its own, or its `metadata`.
    if (value === '' && key !== 'annotations' && key !== 'labels' && key !== 'name') return undefined;
    if (key !== 'name' || value === '' || /^(?:""|''|null|~)$/.test(value)) continue;
    const given = plainName(value);
    if (given === undefined) return undefined;
    name = given;
  }
  return { name, end: lines.end };
}

/** A scalar on one line whose value is what is written: letters, a template's expressions, both. */
export function plainName(written: string): string | undefined {
  const value = withoutComment(written);
  const bare = /^(["'])([\w.-]+)\1$/.exec(value)?.[2] ?? value;
  return /^(?:\{\{[^{}]*\}\}|[\w.-])+$/.test(bare) ? bare : undefined;
}

/** The entries of a block map by its lines, those within its entries left out; one without a key where a line is no entry. */
function* entriesOf(lines: readonly string[]): Generator<{ key: string | undefined; value: string }> {
  let indent: number | undefined;
  for (const line of lines) {
    if (blank.test(line) || comment.test(line)) continue;
    const own = line.search(/[^ ]/);
    indent ??= own;
    if (own > indent) continue;
    const [, key, value = ''] = entry.exec(line.slice(own).trimEnd()) ?? [];
    yield { key: own === indent ? key : undefined, value: withoutComment(value) };
  }
}

function withoutComment(value: string): string {
  return value.startsWith('#') ? '' : value.replace(/[ \t]+#.*$/, '').trimEnd();
}

/** The lines of the block that the first line which the pattern fits begins. */
function linesAfter(text: string, head: RegExp): readonly string[] | undefined {
  const match = head.exec(text);
  return match ? blockAt(text, match.index).below : undefined;
}

/** The lines below a line that are indented further, or empty; and where they end. */
function blockAt(text: string, start: number): { readonly below: readonly string[]; readonly end: number } {
  const below: string[] = [];
  const indent = /[^ ]/.exec(text.slice(start, start + 200))?.index ?? 0;
  let at = nextLine(text, start);
  while (at < text.length) {
    const next = nextLine(text, at);
    const line = text.slice(at, next).trimEnd();
    const own = line.search(/[^ ]/);
    if (own >= 0 && own <= indent && !comment.test(line)) break;
    below.push(line);
    at = next;
  }
  return { below, end: at };
}

function nextLine(text: string, from: number): number {
  const feed = text.indexOf('\n', from);
  return feed < 0 ? text.length : feed + 1;
}

/** True where `annotations` may be a list or a text, which has its own finding. */
function isBrokenMap(text: string): boolean {
  // Of several, a comment or a label's name may be the first.
  for (const match of text.matchAll(/annotations["']?[ \t]*:[ \t]*([^\n]*)\n?/g)) {
    const value = withoutComment(match[1]!.trimEnd());
    if (value !== '' && value !== '{}') return true;
    if (value === '' && startsBroken(text, match.index + match[0].length)) return true;
  }
  return false;
}

/** Whether the next line that is neither empty nor a comment begins anything but a plain key. */
function startsBroken(text: string, from: number): boolean {
  for (let at = from; at < text.length; at = nextLine(text, at)) {
    const line = text.slice(at, nextLine(text, at));
    if (!blank.test(line.trimEnd()) && !comment.test(line)) return /^[ \t]*[-[|>"'&*!]/.test(line);
  }
  return false;
}
