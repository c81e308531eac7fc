import type { Place } from '../syntax/sourceFile';
import { visibleInOneLine } from '../text/visible';
import { causeClasses } from './classes';
import type { Diagnosis, EvidenceItem } from './diagnosis';

/** How readings are called. */
export const readingNames: Readonly<Record<string, string>> = {
  role: 'role',
  account: 'account',
  namespace: 'namespace',
  serviceAccount: 'service account',
  issuer: 'issuer',
  audience: 'audience',
  mechanism: 'mechanism',
  region: 'region',
  cluster: 'cluster',
  pod: 'pod',
  sessionName: 'session name',
  sdk: 'SDK',
  action: 'action',
  target: 'second role',
  host: 'host',
  requestId: 'request ID',
  time: 'time',
};

/** The answer's first line: `Cause (certain): …`. */
export function headline({ certainty, cause }: Pick<Diagnosis, 'certainty' | 'cause'>): string {
  const text = visibleInOneLine(cause);
  return { certain: `Cause (certain): ${text}`, likely: `Likely: ${text}`, unknown: `Can't tell from this alone. ${text}` }[certainty];
}

/** One thing that was read: `role orders-role (AWS_ROLE_ARN in the environment, line 3)`. */
export function evidenceText({ kind, value, from, line, sure, lookedUp }: EvidenceItem): string {
  const where = lookedUp ? 'looked up' : `line ${line}`;
  return visibleInOneLine(`${readingNames[kind] ?? kind} ${value} (${from}, ${where}${sure === 'masked' ? ', in part hidden' : ''})`);
}

/**
 * The answer as plain text, for the terminal and to be copied. Lines end with `\n`.
 * @param label how a place is written: `trust.json:12`
 */
export function diagnosisText(diagnosis: Diagnosis, label: (place: Place) => string | undefined): string {
  const { place, reasons, evidence, fixes, next, alternatives, notes } = diagnosis;
  const lines: string[] = [];
  const at = (where: Place | undefined): string => {
    const written = where && label(where);
    return written === undefined ? '' : `   ${visibleInOneLine(written)}`;
  };
  lines.push(`${headline(diagnosis)}${at(place)}`);
  if (diagnosis.class) lines.push(`  Class: ${diagnosis.class} (${causeClasses[diagnosis.class]}), docs/diagnose/${diagnosis.class}.md`);
  section(
    lines,
    'Why',
    reasons.map((reason) => `${visibleInOneLine(reason.text)}${at(reason.place)}`),
  );
  section(lines, 'From your paste', evidence.map(evidenceText));
  section(
    lines,
    'Fixes',
    fixes.map((fix) => `${visibleInOneLine(fix.title)}${at(fix.place)}`),
  );
  section(
    lines,
    'It may also be',
    alternatives.map((other) => visibleInOneLine(`${other.cause} What tells them apart: ${other.tell}`)),
  );
  section(lines, 'Next', next.map(visibleInOneLine));
  section(lines, 'Note', notes.map(visibleInOneLine));
  return `${lines.join('\n')}\n`;
}

function section(lines: string[], title: string, items: readonly string[]): void {
  if (items.length === 0) return;
  lines.push(`  ${title}:`);
  for (const item of items) lines.push(`    ${item}`);
}
