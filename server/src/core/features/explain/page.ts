import type { Place } from '../../syntax/sourceFile';
import type { Tri } from '../../text/tri';
import { visible, visibleInOneLine } from '../../text/visible';
import type { Decision } from '../../trust/verdict';
import type { ExplainDocument, ExplainStep, Mechanisms } from './document';
import { mechanismAnswer, mechanismLabel } from './mechanisms';

/** A place in a file as it is shown and opened: line and column from 0, UTF-16. */
export interface ShownPlace {
  /** `trust.json:12`. */
  readonly label: string;
  readonly uri: string;
  readonly line: number;
  readonly character: number;
  readonly end?: { readonly line: number; readonly character: number };
}

/** How a place is shown; undefined if its line is not known. */
export type ShowPlace = (place: Place) => ShownPlace | undefined;

/**
 * Explain Access as it is shown: the editor's view, the terminal and `Copy as text` are all made of this. Every text is one
 * line, and holds no character that can't be seen.
 */
export interface ExplainPage {
  readonly question: string;
  /** `Yes.`, `No.`, `Unknown.` */
  readonly answer: string;
  readonly decision: Decision;
  readonly mechanisms?: PageMechanisms;
  readonly chain: readonly PageNode[];
  readonly steps: readonly PageStep[];
  readonly outcome: readonly { readonly text: string; readonly quoted?: true }[];
  readonly fixes: readonly PageFix[];
  readonly assumptions: readonly string[];
}

/** Both mechanisms, where something of both is there: each with its verdict, and which is in effect. */
export interface PageMechanisms {
  readonly moving: boolean;
  readonly answers: readonly {
    readonly label: string;
    readonly text: string;
    readonly decision: Decision;
    readonly isInEffect: boolean;
    readonly place?: ShownPlace;
  }[];
  readonly words: readonly string[];
}

export interface PageNode {
  readonly kind: 'workload' | 'account' | 'association' | 'role';
  readonly type: string;
  readonly name: string;
  readonly place?: ShownPlace;
  readonly more?: number;
}

export interface PagePart {
  readonly label?: string;
  readonly text: string;
  readonly place?: ShownPlace;
  readonly note?: string;
  /** Absent: neither good nor bad. */
  readonly mark?: Tri;
}

/** A step with what it consists of. */
export interface PageStep extends PagePart {
  readonly parts: readonly PagePart[];
}

export interface PageFix {
  readonly text: string;
  readonly place?: ShownPlace;
  readonly rule?: string;
  readonly titles: readonly string[];
}

/** Makes the page of a document. */
export function explainPage(document: ExplainDocument, show: ShowPlace): ExplainPage {
  const steps: (PageStep & { readonly parts: PagePart[] })[] = [];
  for (const step of document.steps) {
    const last = steps.at(-1);
    if (step.level === 1 && last) last.parts.push(partOf(step, show));
    else steps.push({ ...partOf(step, show), parts: [] });
  }
  return {
    question: visibleInOneLine(document.title),
    answer: document.answer,
    decision: document.decision,
    ...mechanismsPage(document.mechanisms, show),
    chain: document.chain.map(({ kind, type, name, place, more }) => ({
      kind,
      type: visible(type),
      name: visible(name),
      ...placeOf(place, show),
      ...(more === undefined ? {} : { more }),
    })),
    steps,
    outcome: document.outcome.map(({ text, quoted }) => ({ text: visibleInOneLine(text), ...(quoted ? { quoted } : {}) })),
    fixes: document.fixes.map(({ text, place, rule, titles }) => ({
      text: visibleInOneLine(text),
      ...placeOf(place, show),
      ...(rule === undefined ? {} : { rule }),
      titles: titles.map(visible),
    })),
    assumptions: document.assumptions.map(visibleInOneLine),
  };
}

function mechanismsPage(mechanisms: Mechanisms | undefined, show: ShowPlace): Pick<ExplainPage, 'mechanisms'> {
  if (!mechanisms) return {};
  return {
    mechanisms: {
      moving: mechanisms.moving,
      answers: mechanisms.answers.map((each) => ({
        label: mechanismLabel(each),
        text: visibleInOneLine(mechanismAnswer(each)),
        decision: each.decision,
        isInEffect: each.standing === 'in-effect',
        ...placeOf(each.place, show),
      })),
      words: mechanisms.words.map(visibleInOneLine),
    },
  };
}

function partOf({ label, text, place, note, mark }: ExplainStep, show: ShowPlace): PagePart {
  return {
    ...(label === undefined ? {} : { label: visible(label) }),
    text: visibleInOneLine(text),
    ...placeOf(place, show),
    ...(note === undefined ? {} : { note: visible(note) }),
    ...(mark === undefined ? {} : { mark }),
  };
}

function placeOf(place: Place | undefined, show: ShowPlace): { readonly place?: ShownPlace } {
  const shown = place && show(place);
  return shown ? { place: { ...shown, label: visible(shown.label) } } : {};
}
