import { RequestType0 } from 'vscode-languageserver-protocol';
import type { AccessData } from '../server/src/core/features/accessData';

export type { AccessData, AccessRow, RolePermissionsShown } from '../server/src/core/features/accessData';

/** Who can assume which role in this workspace, or in a sentence why it is not known. */
export const accessMapRequest = new RequestType0<AccessData | { readonly message: string }, void>('podRoles/accessMap');
