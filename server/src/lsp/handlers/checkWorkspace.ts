import { checkWorkspaceRequest, type CheckWorkspaceResult } from '../../../../protocol/workspace';
import { mistakesOf } from '../../core/rules/mistakes';
import type { Finding } from '../../core/rules/rule';
import { inSlices, type Cancellable } from '../schedule';
import type { Session } from '../session';
import type { Parts } from './parts';

/** podRoles/checkWorkspace: reads everything again and counts what is found. */
export function registerWorkspaceCheck(session: Session, { files, diagnostics, status }: Parts): void {
  session.connection.onRequest(checkWorkspaceRequest, async (...args: unknown[]): Promise<CheckWorkspaceResult> => {
    // A client that sends null for "no parameters" puts it before the token.
    const requested = args[args.length - 1] as Cancellable;
    const { workspace, can, connection } = session;
    const progress = can.progress ? await connection.window.createWorkDoneProgress() : undefined;
    progress?.begin('Pod Roles', undefined, 'Reading files', true);
    const token = progress ? either(requested, progress.token) : requested;
    try {
      await files.scan(token, progress);
      const counts = { error: 0, warning: 0, info: 0 };
      const relevant = [...workspace.wiring.files()].filter((uri) => workspace.wiring.facts(uri).length > 0);
      const found: Finding[] = [];
      const complete = await inSlices(relevant, token, (uri) => {
        found.push(...workspace.check(uri));
      });
      for (const { level } of mistakesOf(found)) counts[level]++;
      diagnostics.everythingChanged();
      const known = status.status();
      return {
        files: known.files,
        relevant: relevant.length,
        errors: counts.error,
        warnings: counts.warning,
        infos: counts.info,
        skipped: known.skipped,
        summary: complete ? summary(counts, relevant.length, known.files) : 'Stopped: not every file was checked.',
      };
    } finally {
      progress?.done();
    }
  });
}

/** Cancelled when either is: by the caller, or by the button of the progress. */
function either(a: Cancellable, b: Cancellable): Cancellable {
  return {
    get isCancellationRequested() {
      return a.isCancellationRequested || b.isCancellationRequested;
    },
  };
}

function summary(counts: { error: number; warning: number; info: number }, relevant: number, files: number): string {
  const of = `${relevant} of ${files} files checked`;
  const parts = [
    [counts.error, 'error'],
    [counts.warning, 'warning'],
    [counts.info, 'info'],
  ]
    .filter(([n]) => n !== 0)
    .map(([n, word]) => `${n} ${word}${n === 1 || word === 'info' ? '' : 's'}`);
  return parts.length === 0 ? `No problems: ${of}.` : `${parts.join(', ')}; ${of}.`;
}
