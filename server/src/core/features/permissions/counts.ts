import { accessLevels, type AccessLevel } from '../../permissions/catalogue';
import { permissionsOf } from '../../permissions/permissions';
import { literal } from '../../text/texts';
import type { Chain } from '../../wiring/chain';
import type { WorkspaceView } from '../workspaceView';
import { countWords } from './words';

/** What a chain's role may do, in numbers. */
export interface PermissionCounts {
  readonly counts: Readonly<Record<AccessLevel, number>>;
  /** Every action on every resource. */
  readonly administrator: boolean;
  /** False where a policy was not read: then there may be more. */
  readonly complete: boolean;
  /** `14 read, 3 write actions`. */
  readonly words: string;
  /** The services, those with most actions first, and the levels of what is allowed in them. */
  readonly services: readonly { readonly name: string; readonly levels: readonly AccessLevel[] }[];
}

/** Undefined where the role's policies are not known from AWS. */
export function permissionCounts(view: Pick<WorkspaceView, 'wiring' | 'catalogue'>, chain: Chain): PermissionCounts | undefined {
  const { aws } = view.wiring;
  const arn = literal(chain.request.value);
  const role = arn === undefined ? undefined : aws?.role(arn);
  const catalogue = role?.detail ? view.catalogue() : undefined;
  if (!aws || !role || !catalogue) return undefined;
  const permissions = permissionsOf(aws, role, catalogue);
  if (!permissions.known) return undefined;
  return {
    counts: permissions.totals,
    administrator: permissions.callouts.some(({ kind }) => kind === 'administrator'),
    complete: permissions.gaps.length === 0,
    words: countWords(permissions),
    services: permissions.services.map(({ name, counts }) => ({ name, levels: accessLevels.filter((level) => counts[level] > 0) })),
  };
}
