import type { ShowPlace } from '../../core/features/explain';
import type { Place } from '../../core/syntax/sourceFile';
import type { FileChange, FileLine, MigrationPlan, MigrationResult, StepProof } from '../../core/migrate/types';
import { isNamespaceName, isServiceAccountName } from '../../core/model/subject';
import { LineIndex } from '../../core/text/lineIndex';
import { visible, visibleInOneLine } from '../../core/text/visible';
import type { Inclusion } from '../../core/trust/compare/types';
import type { MigrateFile, MigratePlan, MigrateProofLine, MigrateRow, MigrateStepResult } from '../../../../protocol/migrate';

/*
 * A plan and a step as the editor shows them. Names of a workspace hold no character that can't be seen, but for the texts of
 * files and the script, which are shown as they are written.
 */

/** How a place in a workspace's file, or a line of another file, is shown. */
export type ShowAny = (place: Place | FileLine) => ReturnType<ShowPlace>;

/** A plan, with its places in the editor's terms. */
export function toPlan({ direction, accounts, packages }: MigrationPlan, show: ShowAny, text: string): MigratePlan {
  const rows = accounts.map((each): MigrateRow => {
    const { namespace, serviceAccount, role, cluster, state, outcome } = each;
    // Steps are requested by name, so only names that Kubernetes accepts can be selected.
    const isNamed =
      namespace !== undefined && serviceAccount !== undefined && isNamespaceName(namespace) && isServiceAccountName(serviceAccount);
    return {
      ...(isNamed ? { account: { namespace, name: serviceAccount } } : {}),
      label: visibleInOneLine(each.shown),
      ...(namespace === undefined ? {} : { namespace: visibleInOneLine(namespace) }),
      role: visibleInOneLine(role),
      ...(cluster === undefined ? {} : { cluster: visibleInOneLine(cluster) }),
      state,
      ...(each.missing ? { missing: each.missing } : {}),
      outcome,
      reasons: each.reasons.map(({ code, effect, message, at, line }) => ({
        code,
        effect,
        message: visibleInOneLine(message),
        ...placeOf(showAny(at ?? line, show)),
      })),
      places: each.places.map(({ label, at }) => ({ label: visibleInOneLine(label), ...placeOf(show(at)) })),
      workloads: each.workloads.map(visibleInOneLine),
    };
  });
  const old = packages.map(({ at, name, version, least }) => ({
    label: visibleInOneLine(`${name} ${version}, needs ${least} or later`),
    ...placeOf(show(at)),
  }));
  return { direction, rows, text, ...(old.length > 0 ? { packages: old } : {}) };
}

function showAny(place: Place | FileLine | undefined, show: ShowAny): ReturnType<ShowAny> {
  return place && show(place);
}

function placeOf(shown: ReturnType<ShowPlace>): Pick<MigrateRow['places'][number], 'place'> {
  return shown ? { place: { ...shown, label: visible(shown.label) } } : {};
}

/** What a step needs to know of files. */
export interface StepFiles {
  /** The text that the edits are of; undefined where it is not at hand. */
  text(uri: string): string | undefined;
  /** What files become, by URI. */
  readonly changed: ReadonlyMap<string, string>;
  /** How a file is shown. */
  label(uri: string): string;
}

/** A step with the files that it changes; undefined where one of them is not at hand, which can't be shown. */
export function toStep(result: MigrationResult, files: StepFiles): MigrateStepResult | undefined {
  const shown = filesOf(result.change, files);
  if (!shown) return undefined;
  return {
    step: result.step,
    direction: result.direction,
    accounts: result.accounts.map(visibleInOneLine),
    files: shown,
    refused: result.refused.map(({ account, reason }) => ({ account: visibleInOneLine(account), reason: visibleInOneLine(reason) })),
    proofs: result.proofs.map(({ role, proof }) => ({ role: visibleInOneLine(role), lines: proofLines(proof) })),
    ...(result.script === undefined ? {} : { script: result.script }),
    next: result.next.map(visibleInOneLine),
  };
}

function filesOf({ edits, creates }: FileChange, { text, changed, label }: StepFiles): readonly MigrateFile[] | undefined {
  const found: MigrateFile[] = [];
  for (const uri of new Set(edits.map(({ doc }) => doc.uri))) {
    const [before, after] = [text(uri), changed.get(uri)];
    if (before === undefined || after === undefined) return undefined;
    const lines = new LineIndex(before);
    const own = edits.filter(({ doc }) => doc.uri === uri);
    found.push({
      uri,
      path: label(uri),
      action: 'change',
      before,
      after,
      edits: own.map(({ doc, span, newText }) => ({
        range: { start: lines.positionAt(doc.start + span.start), end: lines.positionAt(doc.start + span.end) },
        newText,
      })),
    });
  }
  for (const { uri, text: after } of creates) found.push({ uri, path: label(uri), action: 'create', before: '', after, edits: [] });
  return found.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

function proofLines({ keeps, addsNobody }: StepProof): readonly MigrateProofLine[] {
  if (keeps.kind === 'included' && addsNobody.kind === 'included')
    return [{ holds: true, text: 'proven that access stays as it is, except for the service accounts that move.' }];
  return [
    line(keeps, {
      included: 'Everyone who could assume the role before still can, except those whose access moves.',
      not: 'loses access',
      unknown: 'Not proven that everyone keeps access',
    }),
    line(addsNobody, {
      included: 'No one else can assume the role.',
      not: 'gains access',
      unknown: 'Not proven that no one else gains access',
    }),
  ];
}

function line(
  inclusion: Inclusion,
  words: { readonly included: string; readonly not: string; readonly unknown: string },
): MigrateProofLine {
  switch (inclusion.kind) {
    case 'included':
      return { holds: true, text: words.included };
    case 'not-included':
      return { holds: false, text: visibleInOneLine(`${inclusion.witness.words} ${words.not}.`) };
    case 'unknown':
      return { holds: null, text: visibleInOneLine(`${words.unknown}: ${inclusion.because}`) };
  }
}
