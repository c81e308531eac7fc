import { reasonsOf } from './reasons/registry';
import type { Edit } from '../rules/rule';
import { folderOf } from '../readers/terraform/modules/folders';
import { movesInSteps, type Move } from './moves';
import { nextSteps } from './next';
import { replacedSteps } from './nextReplaced';
import type { MigrationHost, StepRequest } from './port';
import { finished, type Steps } from './slices';
import { effectOf } from './proof/statements';
import type { Failure } from './proof/promises';
import { tryParts } from './proof/trial';
import { standingOf, stateOf } from './standing';
import { addIrsa } from './steps/addIrsa';
import { addPods } from './steps/addPods';
import { changedTexts, fittedEdits, joinedCreates, joinedEdits } from './steps/change';
import { dropIrsa } from './steps/dropIrsa';
import { dropPods } from './steps/dropPods';
import { groupsOf, type Candidate, type Part, type PartMaker, type StepContext } from './steps/part';
import type { FileChange, MigrationReason, MigrationResult } from './types';

const makers: Readonly<Record<ReturnType<typeof effectOf>, PartMaker>> = {
  'add-pods': addPods,
  'add-irsa': addIrsa,
  'drop-irsa': dropIrsa,
  'drop-pods': dropPods,
};

/** An account that a step leaves as it is, and why. */
export interface Refusal extends Failure {
  readonly move: Move;
}

/**
 * One step of the move, as edits of files that nothing has written yet. What can't be done for an account, or isn't proven,
 * is refused for it and the other accounts of its role's policy, with the reason; the rest is made. Run again, it changes
 * nothing. Never throws for any text.
 */
export function step(host: MigrationHost, request: StepRequest): MigrationResult {
  return finished(stepInSteps(host, request));
}

/** The same in steps, so that others need not wait. */
export function* stepInSteps(host: MigrationHost, request: StepRequest): Steps<MigrationResult> {
  const moves = yield* movesInSteps(host.view, request);
  const { refusals, ...result } = yield* runStep(moves, { host, request, pending: [] });
  const refused = new Map(refusals.map(({ move, reason }) => [`${move.shown} ${reason}`, { account: move.shown, reason }]));
  const sorted = [...refused.values()].sort((a, b) => (a.account < b.account ? -1 : a.account > b.account ? 1 : 0));
  return { ...result, refused: sorted, step: request.step, direction: request.direction };
}

/** What a step makes, and what it refuses of which account. */
type Ran = Pick<MigrationResult, 'change' | 'accounts' | 'proofs' | 'script' | 'next'> & { readonly refusals: readonly Refusal[] };

/** A step for accounts that are known. */
export function* runStep(moves: readonly Move[], context: StepContext): Steps<Ran> {
  const { request } = context;
  const refusals: Refusal[] = [];
  const candidates: Candidate[] = [];
  for (const move of moves) {
    yield;
    const candidate = { move, standing: standingOf(move) };
    const reason = obstacleOf(candidate, context);
    if (reason === 'nothing to do') continue;
    if (reason === undefined) candidates.push(candidate);
    else refusals.push({ move, code: reason.code, reason: reason.message });
  }
  const parts: Part[] = [];
  for (const group of groupsOf(candidates)) {
    yield;
    const { part, refused } = makers[effectOf(request.step, request.direction)](group, context);
    if (part) parts.push(part);
    for (const { candidate, reason } of refused) refusals.push({ move: candidate.move, code: 'policy-not-editable', reason });
  }
  return yield* settled(parts, refusals, context);
}

/** Why an account isn't touched by a step; `nothing to do` where the step is done for it already. */
function obstacleOf({ move, standing }: Candidate, { host, request }: StepContext): MigrationReason | 'nothing to do' | undefined {
  const state = stateOf(standing, request.direction);
  if (request.step === 'expand' ? state === 'done' : request.step === 'undo' && state === 'not-started') return 'nothing to do';
  if (request.step === 'contract' && state === 'done') return 'nothing to do';
  if (request.step === 'undo') return undefined;
  const reasons = reasonsOf({ move, standing, direction: request.direction, host });
  const stops = (reason: MigrationReason): boolean =>
    reason.effect === 'stops' || (reason.effect === 'unknown' && request.step === 'expand');
  return reasons.find(stops);
}

/** The parts that hold together: tried, and tried again without those that fail, until none does. */
function* settled(made: readonly Part[], refusals: Refusal[], context: StepContext): Steps<Ran> {
  const { host, request } = context;
  const refuse = (part: Part, failure: Failure): void => {
    for (const { move } of part.candidates) refusals.push({ move, ...failure });
  };
  let parts = compatible(made, refuse);
  for (;;) {
    yield;
    const shared = sharedAnnotations(parts, context);
    for (const part of shared) refuse(part, { code: 'policy-not-editable', reason: sharedAnnotation });
    if (shared.length > 0) {
      parts = parts.filter((part) => !shared.includes(part));
      continue;
    }
    const joined = joinedEdits(parts);
    const own = 'made' in joined ? joined.made : [];
    const left = effectOf(request.step, request.direction) === 'drop-pods' ? leftovers(own, host) : [];
    const edits = fittedEdits([...own, ...left], host.source);
    const change: FileChange = { edits, creates: joinedCreates(parts) };
    const texts = changedTexts(change, host.source) ?? new Map<string, string>();
    const { failed, proofs } = yield* tryParts(parts, texts, context);
    if (failed.size > 0) {
      for (const [part, failure] of failed) refuse(part, failure);
      parts = parts.filter((part) => !failed.has(part));
      continue;
    }
    const script = [...new Set(parts.flatMap((part) => part.script))];
    const changed = parts.filter((part) => part.edits.length + part.creates.length + part.script.length > 0);
    const moved = changed.flatMap(({ candidates }) => candidates.map(({ move }) => move));
    return {
      change,
      accounts: [...new Set(moved.map(({ shown }) => shown))].sort(),
      refusals,
      proofs,
      ...(script.length > 0 ? { script: scriptText(script) } : {}),
      next: changed.length === 0 ? [] : nextSteps(moved, request, host, isOneRoot(change, script, host), replacedSteps(changed)),
    };
  }
}

/** What earlier steps declared for statements and associations that leave now, and nothing uses any more. */
function leftovers(edits: readonly Edit[], host: MigrationHost): Edit[] {
  const found: Edit[] = [];
  let folders = edits.map(({ doc }) => folderOf(doc.uri));
  while (folders.length > 0) {
    const texts = changedTexts({ edits: [...edits, ...found], creates: [] }, host.source);
    const more = texts ? host.editors.unusedVariables(folders, texts, host).filter((edit) => !found.some((each) => isSameEdit(each, edit))) : []; // prettier-ignore
    found.push(...more);
    folders = more.map(({ doc }) => folderOf(doc.uri));
  }
  return found;
}

function isSameEdit(a: Edit, b: Edit): boolean {
  return a.doc.uri === b.doc.uri && a.span.start === b.span.start;
}

const sharedAnnotation = 'Its annotation is also that of service accounts in other overlays, which do not move. Move them together.';

/** The parts whose edits can be made together; one that touches the text of another is refused. */
function compatible(made: readonly Part[], refuse: (part: Part, failure: Failure) => void): readonly Part[] {
  if ('made' in joinedEdits(made)) return made;
  const parts: Part[] = [];
  // Only parts that write in one document can touch the same text.
  const writers = new Map<unknown, Set<Part>>();
  for (const part of made) {
    const documents = new Set(part.edits.map(({ doc }) => doc));
    const beside = new Set([...documents].flatMap((doc) => [...(writers.get(doc) ?? [])]));
    const joined = joinedEdits([...beside, part]);
    if ('refused' in joined) {
      refuse(part, { code: 'policy-not-editable', reason: joined.refused });
      continue;
    }
    parts.push(part);
    for (const doc of documents) writers.set(doc, (writers.get(doc) ?? new Set()).add(part));
  }
  return parts;
}

/** The parts that take out an annotation by which other accounts ask for a role: those of other overlays. */
function sharedAnnotations(parts: readonly Part[], { host, request }: StepContext): readonly Part[] {
  if (effectOf(request.step, request.direction) !== 'drop-irsa') return [];
  const moving = new Set(parts.flatMap(({ candidates }) => candidates.map(({ move }) => move.chain)));
  const staying = new Set<unknown>();
  for (const chain of host.view.wiring.chains()) if (!moving.has(chain)) staying.add(chain.request);
  return parts.filter(({ candidates }) => candidates.some(({ move }: { move: Move }) => move.chain && staying.has(move.chain.request)));
}

function scriptText(lines: readonly string[]): string {
  return ['#!/usr/bin/env bash', 'set -euo pipefail', ...lines, ''].join('\n');
}

/** Whether all that a step changes is one Terraform configuration: one folder that is applied, and modules that it alone calls. */
function isOneRoot({ edits, creates }: FileChange, script: readonly string[], host: StepContext['host']): boolean {
  const uris = [...edits.map(({ doc }) => doc.uri), ...creates.map(({ uri }) => uri)];
  if (script.length > 0 || !uris.every((uri) => /\.(?:tf|tofu)(?:\.json)?$/.test(uri))) return false;
  return host.editors.terraformRoots(uris.map(folderOf), host).size === 1;
}
