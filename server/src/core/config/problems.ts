import { nearest } from '../text/nearest';
import { lineAt, LineIndex } from '../text/lineIndex';
import type { Span } from '../text/span';
import type { Entry, ListNode, MapNode, Node } from '../syntax/tree';

/** What is wrong in pod-roles.yaml, and where. */
export interface SettingsProblem {
  readonly message: string;
  /** Offsets in the file. */
  readonly span: Span;
  /** Line and UTF-16 column of the start, from 1. */
  readonly line: number;
  readonly column: number;
}

/** So many globs, overrides and clusters one file may have. */
const mostItems = 2000;

/** Collects problems while a configuration is read, and reads single values with a problem for each wrong one. */
export class ProblemList {
  readonly all: SettingsProblem[] = [];
  private readonly starts: readonly number[];
  /** How many items the lists have had that were read. */
  private taken = 0;

  /** `offset`: where the document that is read stands in the file. */
  constructor(
    text: string,
    private readonly offset: number,
  ) {
    this.starts = new LineIndex(text).starts;
  }

  add(span: Span, message: string): void {
    const [start, end] = [span.start + this.offset, span.end + this.offset];
    const line = lineAt(this.starts, start);
    this.all.push({ message, span: { start, end }, line: line + 1, column: start - this.starts[line]! + 1 });
  }

  /** The entries of a map whose keys are known; the others and doubles are problems. `what` names the map: "a cluster". */
  entries(node: Node, what: string, known: readonly string[]): Map<string, Entry> {
    const found = new Map<string, Entry>();
    const map = this.map(node, what);
    for (const entry of map?.entries ?? []) {
      const key = entry.key.value;
      if (!known.includes(key)) {
        const meant = nearest(key, known);
        this.add(
          entry.key.span,
          `${capital(what)} has no key "${key}". ${meant ? `Did you mean "${meant}"?` : `Known keys: ${known.join(', ')}.`}`,
        );
      } else if (found.has(key) && !entry.merged) {
        this.add(entry.key.span, `"${key}" is used twice.`);
      } else if (!found.has(key)) found.set(key, entry);
    }
    return found;
  }

  map(node: Node, what: string): MapNode | undefined {
    if (node.kind === 'map') return node;
    if (!isNothing(node)) this.add(placeOf(node), `${capital(what)} must be a map of keys and values, not ${kindOf(node)}.`);
    return undefined;
  }

  /** The items of a list. */
  items(entry: Entry, what: string): readonly Node[] {
    const { value } = entry;
    if (value?.kind === 'list') return this.within(value, what);
    if (value && !isNothing(value)) this.add(placeOf(value), `"${entry.key.value}" must be a list of ${what}, not ${kindOf(value)}.`);
    return [];
  }

  /** The items as far as all lists together may have them: each file is compared with each glob. */
  private within({ span, items }: ListNode, what: string): readonly Node[] {
    const most = Math.max(0, mostItems - this.taken);
    this.taken += items.length;
    if (items.length <= most) return items;
    this.add(span, `${items.length} ${what} are too many: all lists of this file together may have ${mostItems} items.`);
    return items.slice(0, most);
  }

  /** A list of texts; one text alone counts as a list of one. */
  texts(entry: Entry, what: string): string[] {
    if (entry.value?.kind === 'scalar' && !isNothing(entry.value)) return this.list(this.text(entry.value, entry.key.value));
    return this.items(entry, what).flatMap((item) => this.list(this.text(item, entry.key.value)));
  }

  /** A text that is not empty. */
  text(node: Node | undefined, name: string): string | undefined {
    if (node?.kind === 'scalar' && node.type === 'string' && node.value.trim() !== '') return node.value.trim();
    if (node) this.add(placeOf(node), `"${name}" must be a text, not ${kindOf(node)}.`);
    return undefined;
  }

  private list(text: string | undefined): string[] {
    return text === undefined ? [] : [text];
  }
}

/** True for a value that is not there yet (`rules:` and nothing more). */
export function isNothing(node: Node): boolean {
  return node.kind === 'scalar' && node.type === 'null';
}

/** Where a problem of a value is shown. */
export function placeOf(node: Node): Span {
  return node.kind === 'scalar' ? node.outer : node.span;
}

/** What a value is, in words: "a list", "the number 5", "nothing". */
export function kindOf(node: Node): string {
  switch (node.kind) {
    case 'map':
      return 'a map';
    case 'list':
      return 'a list';
    case 'unknown':
      return 'a tag or template';
    case 'scalar':
      if (node.type === 'null' || node.value.trim() === '') return 'nothing';
      return node.type === 'string' ? `the text "${node.value}"` : `the ${node.type} ${node.value}`;
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
