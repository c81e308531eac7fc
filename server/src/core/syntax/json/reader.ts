import { createScanner } from 'jsonc-parser';
import type { Encoding } from '../../text/text';
import { isHole } from '../../text/texts';
import { scalarNode } from '../scalar';
import type { Comment, Entry, ListNode, MapNode, Node, ScalarNode, SyntaxProblem } from '../tree';
import { decodeJsonString } from './strings';

/** How deep collections may nest; what lies deeper becomes an UnknownNode. */
export const MAX_DEPTH = 200;

/** jsonc-parser's SyntaxKind: a const enum, which isolated modules cannot import. */
const Kind = {
  openBrace: 1,
  closeBrace: 2,
  openBracket: 3,
  closeBracket: 4,
  comma: 5,
  colon: 6,
  null: 7,
  true: 8,
  false: 9,
  string: 10,
  number: 11,
  lineComment: 12,
  blockComment: 13,
  lineBreak: 14,
  trivia: 15,
  unknown: 16,
  end: 17,
} as const;

// Facts and trees share these: there are as many strings as words.
const json: readonly Encoding[] = [{ kind: 'json' }];
const none: readonly never[] = [];

const closers: ReadonlySet<number> = new Set([Kind.closeBrace, Kind.closeBracket, Kind.end]);

/** The reading of one JSON text, tolerant: each mistake gives a problem, and the rest is read on. */
export class JsonReader {
  readonly problems: SyntaxProblem[] = [];
  readonly comments: Comment[] = [];
  /** False once something stands that JSON itself does not allow: a comment, a trailing comma, any problem. */
  strict = true;
  private readonly scanner;
  private token: number = Kind.end;
  /** What is wrong with the token itself: jsonc-parser's ScanError, 0 for nothing. */
  private fault = 0;
  private start = 0;
  private end = 0;
  /** Where the token before ended: where a missing one belongs. */
  private last = 0;
  private depth = 0;
  /** How many collections of each kind are open, to tell whose a closer is. */
  private readonly unclosed = { map: 0, list: 0 };

  constructor(
    private readonly text: string,
    private readonly inTemplate: boolean,
  ) {
    this.scanner = createScanner(text, false);
    if (text.charCodeAt(0) === 0xfeff) this.scanner.setPosition(1);
    this.next();
    this.last = this.start;
  }

  /** The first value of the text; what follows it is a problem. */
  document(): Node | undefined {
    if (this.token === Kind.end) return undefined;
    const root = this.value();
    if (this.token !== Kind.end) this.problem(this.start, this.text.length, 'More text follows the end of the JSON value.');
    return root;
  }

  private next(): void {
    this.last = this.end;
    for (;;) {
      this.token = this.scanner.scan();
      this.fault = this.scanner.getTokenError();
      this.start = this.scanner.getTokenOffset();
      this.end = Math.min(this.text.length, this.start + this.scanner.getTokenLength());
      if (this.token === Kind.lineComment || this.token === Kind.blockComment) this.comment();
      else if (this.token !== Kind.lineBreak && this.token !== Kind.trivia) return;
    }
  }

  private comment(): void {
    const source = this.text.slice(this.start, this.end);
    const text = this.token === Kind.lineComment ? source.slice(2) : source.slice(2).replace(/\*\/$/, '');
    this.comments.push({ span: { start: this.start, end: this.end }, text });
    this.strict = false;
  }

  private problem(start: number, end: number, message: string): void {
    this.strict = false;
    if (this.problems.length < 200) this.problems.push({ span: { start, end }, message, inTemplate: this.inTemplate });
  }

  private value(): Node | undefined {
    switch (this.token) {
      case Kind.openBrace:
        return this.nested(() => this.map());
      case Kind.openBracket:
        return this.nested(() => this.list());
      case Kind.string:
        return this.string();
      case Kind.number:
      case Kind.true:
      case Kind.false:
      case Kind.null:
        return this.bare(this.token === Kind.number ? 'number' : this.token === Kind.null ? 'null' : 'boolean');
      case Kind.unknown:
        return this.unknown();
      default:
        this.problem(this.last, Math.max(this.last, this.start), 'A value is missing.');
        return undefined;
    }
  }

  private nested(read: () => Node): Node {
    if (this.depth < MAX_DEPTH) {
      const kind = this.token === Kind.openBrace ? 'map' : 'list';
      this.depth++;
      this.unclosed[kind]++;
      const node = read();
      this.depth--;
      this.unclosed[kind]--;
      return node;
    }
    const start = this.start;
    this.problem(start, this.end, `The text nests deeper than ${MAX_DEPTH} levels; deeper levels are skipped.`);
    for (let open = 0; this.token !== Kind.end; this.next()) {
      if (this.token === Kind.openBrace || this.token === Kind.openBracket) open++;
      else if (this.token === Kind.closeBrace || this.token === Kind.closeBracket) open--;
      if (open === 0) break;
    }
    const end = this.end;
    this.next();
    return { kind: 'unknown', span: { start, end }, source: this.text.slice(start, Math.min(end, start + 80)) };
  }

  private map(): MapNode {
    const start = this.start;
    const entries: Entry[] = [];
    let open = false;
    this.next();
    let comma = false;
    while (!this.closes()) {
      if (this.token === Kind.comma) {
        if (comma || entries.length === 0) this.problem(this.start, this.end, 'A key in double quotes is expected before this comma.');
        comma = true;
        this.next();
        continue;
      }
      if (entries.length > 0 && !comma && !this.besideTemplate()) this.problem(this.last, this.last, 'A comma is missing.');
      comma = false;
      if (this.token === Kind.string || this.token === Kind.unknown) {
        const entry = this.entry();
        if (entry) entries.push(entry);
        else open = true;
      } else {
        this.problem(this.start, this.end, 'A key in double quotes is expected here.');
        const at = this.start;
        this.value();
        if (this.start === at && !this.closes()) this.next();
      }
    }
    if (comma) this.trailing();
    return { kind: 'map', span: { start, end: this.close(Kind.closeBrace, start) }, entries, open };
  }

  /** One entry; undefined where a template stands alone in an entry's place. */
  private entry(): Entry | undefined {
    const quoted = this.token === Kind.string;
    const key = this.string(true);
    if (this.token !== Kind.colon) {
      if (!quoted && isHole(key)) return undefined;
      this.problem(key.outer.end, key.outer.end, 'A colon and a value are missing after the key.');
      return { key, value: undefined, span: key.outer, merged: false };
    }
    if (!quoted && !isHole(key)) this.problem(key.outer.start, key.outer.end, "The key isn't in double quotes.");
    const colon = this.end;
    this.next();
    const value = this.value();
    return { key, value, span: { start: key.outer.start, end: value ? nodeEnd(value) : colon }, merged: false };
  }

  private list(): ListNode {
    const start = this.start;
    const items: Node[] = [];
    let open = false;
    this.next();
    let comma = false;
    while (!this.closes()) {
      if (this.token === Kind.comma) {
        if (comma || items.length === 0) this.problem(this.start, this.end, 'A value is expected before this comma.');
        comma = true;
        this.next();
        continue;
      }
      if (items.length > 0 && !comma && !this.besideTemplate()) this.problem(this.last, this.last, 'A comma is missing.');
      comma = false;
      const at = this.start;
      const bare = this.token === Kind.unknown;
      const item = this.value();
      if (item) items.push(item);
      if (item && bare) open = true; // a template that may give several items
      if (this.start === at && !this.closes()) this.next();
    }
    if (comma) this.trailing();
    return { kind: 'list', span: { start, end: this.close(Kind.closeBracket, start) }, items, open };
  }

  /** At a closer or the end. A closer of a kind that is not open anywhere is passed over. */
  private closes(): boolean {
    while (this.token === Kind.closeBrace ? this.unclosed.map === 0 : this.token === Kind.closeBracket && this.unclosed.list === 0) {
      this.problem(this.start, this.end, 'This closing bracket has no opening one.');
      this.next();
    }
    return closers.has(this.token);
  }

  /** True where a template's expression may give the comma: right before the token, or the token itself. */
  private besideTemplate(): boolean {
    return this.inTemplate && (isMasked(this.text, this.start) || isMasked(this.text, this.last - 1));
  }

  private trailing(): void {
    this.strict = false; // JSONC allows it, and so does no one else
  }

  private close(kind: number, start: number): number {
    const end = this.end;
    if (this.token === kind) {
      this.next();
      return end;
    }
    const bracket = kind === Kind.closeBrace ? '{' : '[';
    this.problem(start, start + 1, `The ${bracket} isn't closed.`);
    // A closer of another kind belongs to a collection further out.
    return this.last;
  }

  /** A string, or a bare word in a string's place. */
  private string(key = false): ScalarNode {
    const { start, end } = this;
    const quoted = this.token === Kind.string;
    const source = this.text.slice(start, end);
    if (quoted && this.fault !== 0) this.problem(start, end, stringProblem(this.fault));
    const closed = quoted && source.length > 1 && this.fault !== 2;
    const span = quoted ? { start: start + 1, end: closed ? end - 1 : end } : { start, end };
    const decoded = quoted ? decodeJsonString(this.text.slice(span.start, span.end), span.start) : { value: source };
    this.next();
    return scalarNode(decoded, { span, outer: { start, end }, encodings: quoted ? json : none, quoted, type: 'string' }, { key });
  }

  private bare(type: 'number' | 'boolean' | 'null'): ScalarNode {
    const span = { start: this.start, end: this.end };
    const value = this.text.slice(span.start, span.end);
    if (type === 'number' && this.fault !== 0) this.problem(span.start, span.end, 'The number is incomplete.');
    this.next();
    return { kind: 'scalar', value, holes: none, span, outer: span, encodings: none, quoted: false, type };
  }

  /** A bare word: a placeholder becomes a scalar that is one hole, anything else is not readable. */
  private unknown(): Node {
    const node = this.string();
    if (isHole(node)) return node;
    this.problem(node.span.start, node.span.end, "This isn't a JSON value; a string needs double quotes.");
    return { kind: 'unknown', span: node.span, source: node.value };
  }
}

function isMasked(text: string, offset: number): boolean {
  const code = text.charCodeAt(offset);
  return code === 0xe000 || code === 0xe001;
}

function nodeEnd(node: Node): number {
  return node.kind === 'scalar' ? node.outer.end : node.span.end;
}

function stringProblem(error: number): string {
  switch (error) {
    case 2:
      return 'The string is not closed on its line.';
    case 6:
      return 'The string holds a control character that JSON wants escaped.';
    default:
      return 'The string holds an escape that JSON does not know.';
  }
}
