/** The end of a line that opens a block scalar: `key: |`, `- >-`, `key: &a |2+ # why`. */
const header = /(?:^|[:?-][ \t]+)(?:[&!][^\s]*[ \t]+){0,2}[|>][+-]?[1-9]?[+-]?[ \t]*(?:#[^\n]*)?$/;
const directive = /^\s*(?:\{\{|\{%|\{#|%\{)/;

/** Tells of lines whether they stand in a YAML block scalar. Asked in ascending order; linear over all. */
export class BlockTracker {
  private at = 0;
  private indent: number | undefined;

  constructor(private readonly text: string) {}

  /** The indentation of the block scalar's holder, where the line that starts at `lineStart` follows a block's header or content. */
  blockAt(lineStart: number): number | undefined {
    while (this.at < lineStart) {
      const feed = this.text.indexOf('\n', this.at);
      const end = feed < 0 ? this.text.length : feed;
      this.step(
        this.text.slice(this.at, Math.min(end, this.at + 400)).trimEnd(),
        this.text.slice(Math.max(this.at, end - 100), end).trimEnd(),
      );
      this.at = end + 1;
    }
    return this.indent;
  }

  /** One line, by its beginning and its end. */
  private step(head: string, tail: string): void {
    if (head === '') return;
    const indent = head.length - head.trimStart().length;
    // A directive at any column leaves a block as it is: the renderer takes its line away.
    if (this.indent !== undefined && (indent > this.indent || directive.test(head))) return;
    this.indent = header.test(tail) && !/^\s*#/.test(head) ? indent : undefined;
  }
}
