/** A stretch of a file that is written in another language, and what the text around it says. */
export interface Region {
  readonly start: number;
  readonly end: number;
  /** The language that is named for it, in whatever words; empty for none. */
  readonly name: string;
  /** How far its lines may stand in, in characters. */
  readonly indent: number;
  /** The heading and the paragraph above it, and the line below. */
  readonly context: string;
  /** False where the text ends before it does. */
  readonly closed: boolean;
}

export interface Line {
  readonly start: number;
  /** Without the line break. */
  readonly end: number;
  readonly text: string;
}

/** The lines of a stretch of a text, one after the other. */
export function* linesOf(text: string, start = 0, end = text.length): Generator<Line> {
  for (let at = start; at < end;) {
    const feed = text.indexOf('\n', at);
    const next = feed < 0 || feed >= end ? end : feed + 1;
    let last = feed < 0 || feed >= end ? end : feed;
    if (text[last - 1] === '\r' && last > at) last--;
    yield { start: at, end: last, text: text.slice(at, last) };
    at = next;
  }
}

/** The longest text about a region that is looked at. */
const longest = 1000;

/** Follows the prose of a file: its last heading and paragraph. */
export class Prose {
  private heading = '';
  private paragraph = '';
  private blank = true;

  /** Takes a line outside of regions. */
  line(text: string, isHeading: boolean): void {
    if (isHeading) {
      this.heading = text.slice(0, longest);
      this.paragraph = '';
    } else if (text.trim() === '') this.blank = true;
    else {
      if (this.blank) this.paragraph = '';
      this.blank = false;
      if (this.paragraph.length < longest) this.paragraph += `${text.slice(0, longest)}\n`;
    }
  }

  /** What stands about a region that ends at an offset. */
  around(text: string, end: number): string {
    after.lastIndex = end;
    const below = after.exec(text)?.[1] ?? '';
    // A heading or another fence below begins something else.
    return `${this.heading}\n${this.paragraph}\n${/^\s*[#=`~[]/.test(below) ? '' : below}`;
  }
}

/** The first line after a region's closing one that is not empty, with at most one empty line between. */
const after = /[^\n]*\n[ \t\r]*\n?([^\n]{0,300})/y;
