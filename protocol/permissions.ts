import { RequestType, type Position } from 'vscode-languageserver-protocol';

/** What the server says of roles' permissions beyond LSP. */

/** A stretch of one line (line and columns from 0, UTF-16) that leads somewhere. */
export interface PermissionsLink {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  /** A file; a document of AWS (`pod-roles-aws:`, whose text podRoles/policyDocument gives); a page of the web (`https:`). */
  readonly uri: string;
  /** For files alone, from 0. */
  readonly targetLine?: number;
  readonly targetCharacter?: number;
}

export interface PermissionsPage {
  readonly title: string;
  readonly text: string;
  readonly links: readonly PermissionsLink[];
  readonly roleArn: string;
}

/** Of the role with an ARN, or of the role that stands at a place: without a position, the file's first. */
export type PermissionsParams = { readonly roleArn: string } | { readonly uri: string; readonly position?: Position };

/** All that a role may do as a page, its details asked of AWS first; or in a sentence why there is none. */
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
