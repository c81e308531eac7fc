import type { FileLine, MigrationPlan, MigrationResult } from '../../core/migrate/types';
import type { Place } from '../../core/syntax/sourceFile';
import type { Inclusion } from '../../core/trust/compare/types';

/** A file that a step changes, with the difference. */
export interface ChangedFile {
  readonly path: string;
  readonly action: 'edit' | 'create';
  readonly diff: string;
}

/** A place as scripts are told it: lines and columns from 1. */
export type Locate = (place: Place | FileLine) => { readonly path: string; readonly line: number; readonly column: number };

/** A plan for scripts: docs/contract.md. */
export function planJson({ direction, accounts, packages, unreadPackageFiles }: MigrationPlan, locate: Locate): object {
  const at = (place: Place | FileLine | undefined): object => {
    if (!place) return {};
    const { path, line, column } = locate(place);
    return { path, line, column };
  };
  return {
    version: 1,
    direction,
    accounts: accounts.map(({ namespace, serviceAccount, shown, role, cluster, state, missing, outcome, reasons, places, workloads }) => ({
      account: shown,
      ...(namespace === undefined ? {} : { namespace }),
      ...(serviceAccount === undefined ? {} : { serviceAccount }),
      role,
      ...(cluster === undefined ? {} : { cluster }),
      state,
      ...(missing ? { missing } : {}),
      outcome,
      reasons: reasons.map(({ code, effect, message, at: place, line }) => ({ code, effect, message, ...at(place ?? line) })),
      places: places.map(({ label, at: place }) => ({ label, ...at(place) })),
      workloads,
    })),
    ...(packages.length > 0
      ? {
          packages: packages.map(({ at: place, name, version, least }) => {
            const { path, line } = locate(place);
            return { path, line, package: name, version, minimum: least };
          }),
        }
      : {}),
    ...(unreadPackageFiles > 0 ? { unreadPackageFiles } : {}),
  };
}

/** What a step did, or would do, for scripts: docs/contract.md. */
export function resultJson(results: readonly MigrationResult[], files: readonly ChangedFile[], written: boolean): object {
  const [first] = results;
  const script = results.flatMap((result) => result.script ?? []).join('\n');
  return {
    version: 1,
    direction: first?.direction,
    step: first?.step,
    written,
    accounts: results.flatMap(({ accounts }) => accounts),
    refused: results.flatMap(({ refused }) => refused),
    files,
    proofs: results.flatMap(({ proofs }) =>
      proofs.map(({ role, proof }) => ({ role, keeps: inclusion(proof.keeps), addsNobody: inclusion(proof.addsNobody) })),
    ),
    ...(script === '' ? {} : { script }),
    next: results.flatMap(({ next }) => next),
  };
}

function inclusion(answer: Inclusion): object {
  if (answer.kind === 'unknown') return { kind: answer.kind, because: answer.because };
  return answer.kind === 'included' ? { kind: answer.kind } : { kind: answer.kind, witness: answer.witness.words };
}
