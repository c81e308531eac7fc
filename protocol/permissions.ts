import { RequestType, type Position } from 'vscode-languageserver-protocol';
import type { PermissionsShown as Shown } from '../server/src/core/features/permissions/shown';

/** What the server says of roles' permissions beyond LSP. */

export type { ShownGrant, ShownLink, ShownPolicy, ShownSection } from '../server/src/core/features/permissions/shown';

/** What a role may do, and the same as text. */
export interface PermissionsPage extends Shown {
  readonly text: string;
}

/** Of the role with an ARN, or of the role that stands at a place: without a position, the file's first. */
export type PermissionsParams = { readonly roleArn: string } | { readonly uri: string; readonly position?: Position };

/** What a role may do, its details queried from AWS first; or in a sentence why there is none. */
export const permissionsRequest = new RequestType<PermissionsParams, PermissionsPage | { readonly message: string }, void>(
  'podRoles/permissions',
);

/** By URI (`pod-roles-aws:`); a managed policy by its ARN; an inline policy by its role and name; a role's trust policy by the role alone. */
export type PolicyDocumentParams =
  { readonly uri: string } | { readonly arn: string } | { readonly roleArn: string; readonly name?: string };

/** The text of a policy as AWS has it, with line breaks, and the address under which an editor shows it; or in a sentence why there is none. */
export const policyDocumentRequest = new RequestType<
  PolicyDocumentParams,
  { readonly title: string; readonly text: string; readonly uri: string } | { readonly message: string },
  void
>('podRoles/policyDocument');
