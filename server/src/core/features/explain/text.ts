import type { Place } from '../../syntax/sourceFile';
import { visible, visibleInOneLine } from '../../text/visible';
import type { ExplainDocument, ExplainStep } from './document';

/** A stretch of one line of the text (line and columns from 0, UTF-16) that stands for a place in a file. */
export interface ExplainLink {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly place: Place;
}

/** How a place is written: `trust.json:12`. Undefined where its line is not known. */
export type PlaceLabel = (place: Place) => string | undefined;

/** Marks of a step, by what was found. */
const marks = { true: '✓', false: '✗', null: '?' } as const;
/** Texts longer than this do not push the column of places further right. */
const widestText = 120;

/** The page as plain text, with the stretches that lead to places. Lines end with `\n`. */
export function explainText(document: ExplainDocument, label: PlaceLabel): { text: string; links: ExplainLink[] } {
  const page = new Page(label);
  page.line(`${visibleInOneLine(document.title)}   ${document.answer}`);
  page.line('');
  steps(document.steps, page);
  document.outcome.forEach((text, i) => page.line(`${i === 0 ? '   ' : '     '}${visibleInOneLine(text)}`));
  for (const { text, place } of document.mend) page.placed(' To mend it: ', place, visibleInOneLine(text));
  if (document.assumptions.length > 0) {
    page.line('');
    page.line(' Taken as true:');
    for (const assumption of document.assumptions) page.line(`   ${visibleInOneLine(assumption)}`);
  }
  return page.done();
}

interface Row {
  readonly step: ExplainStep;
  readonly text: string;
}

function steps(all: readonly ExplainStep[], page: Page): void {
  let number = 0;
  const labels = Math.max(0, ...all.map((step) => (step.level === 1 ? (step.label ?? '').length : 0)));
  const rows = all.map((step): Row => {
    const text = visibleInOneLine(step.text);
    if (step.level === 0) return { step, text: `${String(++number).padStart(2)} ${text}` };
    return { step, text: `     ${labels > 0 ? `${(step.label ?? '').padEnd(labels)}  ` : ''}${text}` };
  });
  const width = Math.max(0, ...rows.map(({ text }) => text.length).filter((length) => length <= widestText));
  const placeWidth = Math.max(0, ...rows.map(({ step }) => page.labelOf(step).length));
  for (const { step, text } of rows) page.step(text, width, step, placeWidth);
}

class Page {
  private readonly lines: string[] = [];
  private readonly links: ExplainLink[] = [];

  constructor(private readonly label: PlaceLabel) {}

  line(text: string): void {
    this.lines.push(text.trimEnd());
  }

  labelOf(step: ExplainStep): string {
    return (step.place && this.shown(step.place)) ?? (step.note === undefined ? '' : visible(step.note));
  }

  step(text: string, width: number, step: ExplainStep, placeWidth: number): void {
    const label = this.labelOf(step);
    // The mark stands first: at the end of a long line it would be out of a narrow editor's sight.
    const mark = step.mark === undefined ? ' ' : marks[String(step.mark) as keyof typeof marks];
    const lead = `${mark} ${text.padEnd(width)}  ${' '.repeat(placeWidth - label.length)}`;
    this.link(label, lead.length, step.place);
    this.line(`${lead}${label}`);
  }

  placed(lead: string, place: Place | undefined, text: string): void {
    const label = place && this.shown(place);
    if (label === undefined) {
      this.line(`${lead}${text}`);
      return;
    }
    this.link(label, `${lead}in `.length, place);
    this.line(`${lead}in ${label}: ${text}`);
  }

  /** The label of a place: a file's name can hold anything. */
  private shown(place: Place): string | undefined {
    const label = this.label(place);
    return label === undefined ? undefined : visible(label);
  }

  private link(label: string, start: number, place: Place | undefined): void {
    if (place && label !== '' && this.shown(place) === label)
      this.links.push({ line: this.lines.length, start, end: start + label.length, place });
  }

  done(): { text: string; links: ExplainLink[] } {
    return { text: `${this.lines.join('\n')}\n`, links: this.links };
  }
}
