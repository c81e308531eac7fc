import type { CancellationToken } from 'vscode-languageserver/node';
import { loadCloudTrail } from '../../aws/load';
import type { LookedUp } from '../../aws/sdk/cloudTrail';
import type { LookupQuestion } from '../../core/diagnose/lookup';
import type { Diagnosis } from '../../core/diagnose/diagnosis';
import { filesOf } from '../../core/diagnose/files/workspace';
import { placeLabel } from '../../core/features/markdown';
import type { Place } from '../../core/syntax/sourceFile';
import { visible, visibleInOneLine } from '../../core/text/visible';
import { literal } from '../../core/text/texts';
import { loadDiagnose } from '../../diagnose/load';
import {
  diagnoseRequest,
  workloadsRequest,
  type DiagnoseAnswer,
  type DiagnoseParams,
  type DiagnosePlace,
  type WorkloadName,
} from '../../../../protocol/diagnose';
import { toWorkspaceEdit } from '../convert';
import { guard, type Session } from '../session';

const mostWorkloads = 2000;

/** podRoles/diagnose and podRoles/workloads. Nothing of a paste is logged: an error of the engine is told by its name alone. */
export function registerDiagnose(session: Session): void {
  const failed = { message: 'The error could not be diagnosed; the log says why.' };
  session.connection.onRequest(
    diagnoseRequest,
    guard<DiagnoseParams, DiagnoseAnswer | { readonly message: string }>(session, 'podRoles/diagnose', failed, async (params, token) => {
      const engine = await loadDiagnose();
      const pastes = Array.isArray(params.pastes) ? params.pastes.filter((each): each is string => typeof each === 'string') : [];
      const { workload } = params;
      const input = { pastes, ...(isName(workload) ? { workload } : {}) };
      const files = filesOf(session.workspace);
      const lookedUp = params.cloudTrail === true ? await lookUp(session, engine.lookupQuestion(input, files), token) : undefined;
      return toAnswer(session, engine, engine.diagnose({ ...input, lookedUp }, files));
    }),
  );
  const workloads = guard<undefined, readonly WorkloadName[]>(session, 'podRoles/workloads', [], () => workloadsOf(session));
  session.connection.onRequest(workloadsRequest, (token) => workloads(undefined, token));
}

/** Asks CloudTrail, with the connection that the user allowed; stops when the request is cancelled. */
async function lookUp({ aws }: Session, question: LookupQuestion, token: CancellationToken): Promise<LookedUp> {
  const stopper = new AbortController();
  const listening = token.onCancellationRequested(() => stopper.abort());
  try {
    const cloudTrail = await loadCloudTrail();
    return await cloudTrail.lookUp(() => aws!.connection(), question, { signal: stopper.signal });
  } finally {
    listening.dispose();
  }
}

function isName(value: unknown): value is WorkloadName {
  const { namespace, name } = (value ?? {}) as Partial<WorkloadName>;
  return typeof namespace === 'string' && typeof name === 'string';
}

function workloadsOf({ workspace }: Session): readonly WorkloadName[] {
  const { wiring } = workspace;
  const found = new Map<string, WorkloadName>();
  const add = (namespace: string | undefined, name: string | undefined): void => {
    if (namespace === undefined || name === undefined || found.size >= mostWorkloads) return;
    found.set(`${namespace}/${name}`, { namespace: visible(namespace), name: visible(name) });
  };
  for (const account of wiring.accounts())
    for (const { namespace, name } of wiring.identitiesOf(account)) add(namespace, name ?? literal(account.name));
  for (const workload of wiring.workloads()) add(wiring.namespaceOf(workload), literal(workload.name));
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, workload]) => workload);
}

function toAnswer({ workspace }: Session, engine: Awaited<ReturnType<typeof loadDiagnose>>, diagnosis: Diagnosis): DiagnoseAnswer {
  const at = (place: Place | undefined): { place: DiagnosePlace } | undefined => {
    const position = place && workspace.position(place.doc, place.span.start);
    if (!place || !position) return undefined;
    return { place: { uri: place.doc.uri, ...position, label: visible(placeLabel(place.doc.uri, position.line)) } };
  };
  const { certainty, class: cause, explain } = diagnosis;
  const explained = at(explain)?.place;
  return {
    certainty,
    headline: engine.headline(diagnosis),
    ...(cause === undefined ? {} : { class: cause, classTitle: engine.causeClasses[cause], docs: `docs/diagnose/${cause}.md` }),
    ...at(diagnosis.place),
    reasons: diagnosis.reasons.map(({ text, place }) => ({ text: visibleInOneLine(text), ...at(place) })),
    evidence: diagnosis.evidence.map((each) => ({ text: engine.evidenceText(each), paste: each.paste, offset: each.offset })),
    fixes: diagnosis.fixes.flatMap(({ title, place, edits }) => {
      const where = at(place);
      return where ? [{ title: visibleInOneLine(title), ...where, edit: toWorkspaceEdit(workspace, edits) }] : [];
    }),
    alternatives: diagnosis.alternatives.map((each) => ({ cause: visibleInOneLine(each.cause), tell: visibleInOneLine(each.tell) })),
    next: diagnosis.next.map(visibleInOneLine),
    notes: diagnosis.notes.map(visibleInOneLine),
    ...(explained ? { explain: { uri: explained.uri, position: { line: explained.line, character: explained.character } } } : {}),
    text: engine.diagnosisText(diagnosis, (place) => at(place)?.place.label),
  };
}
