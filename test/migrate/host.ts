import { readSourceFile } from '../../server/src/core/documents/readSourceFile';
import { migrationHost } from '../../server/src/core/workspace/migrationHost';
import type { Workspace } from '../../server/src/core/workspace/workspace';
import { changedTexts, isPackageFile, parts, plan, readPackageFile, step } from '../../server/src/core/migrate/chunk';
import type { MigrationHost, MigrationRequest, StepRequest } from '../../server/src/core/migrate/port';
import type { MigrationPlan, MigrationResult } from '../../server/src/core/migrate/types';
import { closedWorkspace, pathOf, uriOf } from '../support/fixtureWorkspace';

/** Files by path. */
export type Files = Readonly<Record<string, string>>;

/** A host over files, as the command line makes one; settings and AWS data as for fixtures. */
export function hostOf(files: Files, given: Partial<Pick<MigrationHost, 'includes' | 'editors'>> = {}): MigrationHost {
  return hostOver(workspaceOf(files), files, given);
}

export function workspaceOf(files: Files): Workspace {
  return closedWorkspace(new Map(Object.entries(files)), (uri) => files[pathOf(uri)]);
}

function hostOver(workspace: Workspace, files: Files, given: Partial<Pick<MigrationHost, 'includes' | 'editors'>>): MigrationHost {
  workspace.readAccounts();
  return migrationHost(
    workspace,
    {
      uris: () => Object.keys(files).filter(isRead).map(uriOf),
      text(uri) {
        const text = files[pathOf(uri)];
        return text === undefined ? undefined : { text };
      },
      exists: (uri) => files[pathOf(uri)] !== undefined,
    },
    { ...parts, ...given },
    packagesOf(files),
  );
}

/** What the lock files and the like among files tell, as the fronts read them. */
function packagesOf(files: Files): MigrationHost['packages'] {
  const own = Object.entries(files).filter(([path]) => isPackageFile(path));
  return { files: own.map(([path, text]) => readPackageFile(uriOf(path), text, readSourceFile)), unread: 0 };
}

function isRead(path: string): boolean {
  return path !== 'pod-roles.snapshot.json';
}

const toPods = { direction: 'to-pod-identity' } as const;

/** The plan, an account a line: `shop/orders → orders: not-started can-move [codes]`. */
export function planLines(files: Files, request: MigrationRequest = toPods): string[] {
  return lines(plan(hostOf(files), request));
}

export function lines({ accounts }: MigrationPlan): string[] {
  return accounts.map(
    ({ shown, role, state, outcome, reasons }) =>
      `${shown} → ${role}: ${state} ${outcome}${reasons.length === 0 ? '' : ` [${reasons.map(({ code, effect }) => (effect === 'note' ? code : `${code}!`)).join(' ')}]`}`,
  );
}

/** A step, and the files after it. */
export interface Stepped {
  readonly result: MigrationResult;
  readonly files: Files;
}

/** Runs a step on files, and gives the files that it makes. Throws where a change can't be applied. */
export function stepped(files: Files, request: Omit<StepRequest, 'direction'> & Partial<StepRequest>): Stepped {
  const host = hostOf(files);
  const result = step(host, { ...toPods, ...request });
  const texts = changedTexts(result.change, host.source);
  if (!texts) throw new Error('the change does not fit its files');
  return { result, files: { ...files, ...Object.fromEntries([...texts].map(([uri, text]) => [pathOf(uri), text])) } };
}
