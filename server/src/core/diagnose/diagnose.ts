import { caseOf, type Picked } from './decide/case';
import { conclude } from './decide/conclude';
import type { Diagnosis, EvidenceItem } from './diagnosis';
import type { Findings, Reading, Symptom } from './evidence';
import type { Files } from './files/port';
import { prepare, recognise } from './recognise/recognise';
import { relevantPieces } from './unmess/relevant';
import { LineIndex } from '../text/lineIndex';

export type { Diagnosis } from './diagnosis';

/** 4 MiB of UTF-16 units: more is read at its beginning and its end. */
export const longestPaste = 4 * 1024 * 1024;
/** Pastes beyond these are not read. */
export const mostPastes = 16;
/** An event of CloudTrail has at most 256 KB. */
const longestEvent = 256 * 1024;

/** What is to be explained. */
export interface DiagnoseInput {
  readonly pastes: readonly string[];
  readonly workload?: Picked | undefined;
  /** What CloudTrail gave for the pastes: read as further pastes, which count after them. */
  readonly lookedUp?: { readonly events: readonly string[]; readonly notes: readonly string[] } | undefined;
}

/**
 * The cause of what was pasted, joined with what the files say: certain, likely, or what to paste next. Pure and linear in
 * the pastes; never throws, keeps nothing, and gives back nothing of a paste but values of known forms.
 */
export function diagnose({ pastes, workload, lookedUp }: DiagnoseInput, files: Files): Diagnosis {
  const { findings, notes } = readPastes(pastes, lookedUp?.events);
  const known = caseOf(
    findings,
    pastes.some((paste) => paste.trim() !== ''),
  );
  const conclusion = conclude(known, files, workload);
  return { ...conclusion, evidence: evidenceOf(known, pastes), notes: [...notes, ...(lookedUp?.notes ?? [])] };
}

/** What the pastes tell, through the door; and what was done with them. `events` are numbered after the pastes. */
export function readPastes(
  pastes: readonly string[],
  events: readonly string[] = [],
): { readonly findings: Findings; readonly notes: readonly string[] } {
  const notes: string[] = [];
  const perPaste = Math.floor(longestPaste / Math.max(1, Math.min(pastes.length, mostPastes)));
  const given = pastes.slice(0, mostPastes).flatMap((text, index) => bounded(text, index, perPaste));
  if (given.some(({ cut }) => cut)) notes.push('The paste is long: its beginning and its end were read, the middle was not.');
  if (pastes.length > mostPastes) notes.push(`${pastes.length - mostPastes} of the pastes were not read.`);
  const further = events.slice(0, mostPastes).flatMap((text, index) => bounded(text, pastes.length + index, longestEvent));
  const prepareAll = (pieces: typeof given): ReturnType<typeof prepare>[] =>
    pieces.flatMap(({ text, paste, base }) => relevantPieces(text).map((piece) => prepare(piece.text, paste, base + piece.base)));
  const prepared = prepareAll(given);
  if (prepared.some(({ secrets }) => secrets > 0)) notes.push('Secrets were removed from the paste before it was read.');
  return { findings: recognise([...prepared, ...prepareAll(further)]), notes };
}

/** A paste whole, or its two ends. */
function bounded(
  text: string,
  paste: number,
  limit: number,
): { readonly text: string; readonly paste: number; readonly base: number; readonly cut: boolean }[] {
  if (text.length <= limit) return [{ text, paste, base: 0, cut: false }];
  const half = Math.floor(limit / 2);
  const base = text.length - half;
  return [
    { text: text.slice(0, half), paste, base: 0, cut: true },
    { text: text.slice(base), paste, base, cut: true },
  ];
}

const shown = [
  'role',
  'account',
  'namespace',
  'serviceAccount',
  'issuer',
  'audience',
  'mechanism',
  'region',
  'cluster',
  'pod',
  'sessionName',
  'sdk',
  'action',
  'target',
  'host',
  'requestId',
  'time',
];
const mostEvidence = 40;

/** What was read, each value once, in the order in which people look for it. */
function evidenceOf(
  {
    observations,
    symptoms,
  }: { readonly observations: readonly { readonly readings: readonly Reading[] }[]; readonly symptoms: readonly Symptom[] },
  pastes: readonly string[],
): EvidenceItem[] {
  const readings = [...observations, ...symptoms].flatMap((each) => each.readings).filter(({ kind }) => shown.includes(kind));
  const distinct = [...new Map(readings.map((each) => [`${each.kind} ${each.value}`, each])).values()]
    .sort((a, b) => shown.indexOf(a.kind) - shown.indexOf(b.kind) || a.paste - b.paste || a.offset - b.offset)
    .slice(0, mostEvidence);
  const lines = new Map<number, LineIndex>();
  return distinct.map((each) => {
    const { kind, value, from, paste, offset, sure } = each;
    if (paste >= pastes.length) return { kind, value, from, paste, offset, line: 1, sure, lookedUp: true };
    let index = lines.get(paste);
    if (!index) lines.set(paste, (index = new LineIndex(pastes[paste] ?? '')));
    return { kind, value, from, paste, offset, line: index.positionAt(offset).line + 1, sure };
  });
}
