import { visible } from '../../text/visible';

/** A page of plain text whose parts lead to files, to documents of AWS, or to the web. */
export interface Page {
  readonly title: string;
  readonly text: string;
  readonly links: readonly PageLink[];
}

/** A stretch of one line (line and columns from 0, UTF-16). */
export interface PageLink {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  /** A file, a document of AWS (`pod-roles-aws:`), or a page of the web. */
  readonly uri: string;
  /** For files alone, from 0. */
  readonly targetLine?: number;
  readonly targetCharacter?: number;
}

export interface PageTarget {
  readonly uri: string;
  readonly line?: number;
  readonly character?: number;
}

/** Writes a page line by line. What comes from files or from AWS cannot break a line. */
export class PageText {
  private readonly lines: string[] = [];
  private readonly links: PageLink[] = [];

  constructor(private readonly title: string) {
    this.line(title);
    this.line('='.repeat(Math.min(60, this.lines[0]!.length)));
  }

  line(text = ''): void {
    this.lines.push(visible(text).trimEnd());
  }

  heading(text: string, lines: readonly string[] = []): void {
    this.line();
    this.line(text);
    for (const line of lines) this.line(`  ${line}`);
  }

  /** A line of which one part is a link. */
  linked(before: string, label: string, target: PageTarget | undefined, after = ''): void {
    const [start, shown] = [visible(before).length, visible(label)];
    if (target && shown !== '') {
      this.links.push({
        line: this.lines.length,
        start,
        end: start + shown.length,
        uri: target.uri,
        ...(target.line === undefined ? {} : { targetLine: target.line, targetCharacter: target.character ?? 0 }),
      });
    }
    this.line(`${before}${label}${after}`);
  }

  /** Names with commas between, in lines no longer than `width` where they can be. */
  wrapped(lead: string, names: readonly string[], width: number): void {
    let line = lead;
    for (const [i, name] of names.entries()) {
      const word = i === names.length - 1 ? name : `${name},`;
      if (i > 0 && line.length + 1 + word.length > width) {
        this.line(line);
        line = `${' '.repeat(6)}${word}`;
      } else {
        line += `${i === 0 ? '' : ' '}${word}`;
      }
    }
    this.line(line);
  }

  done(): Page {
    return { title: visible(this.title), text: `${this.lines.join('\n')}\n`, links: this.links };
  }
}
