import { RequestType } from 'vscode-languageserver-protocol';
import type { AccessData } from '../server/src/core/features/accessData';

export type { AccessData, AccessRow } from '../server/src/core/features/accessData';

/** Who can assume which role in this workspace, or in a sentence why it is not known. */
export const accessMapRequest = new RequestType<Record<string, never>, AccessData | { readonly message: string }, void>(
  'podRoles/accessMap',
);
