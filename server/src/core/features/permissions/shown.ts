import type { ShownPlace } from '../explain/page';
import type { AccessLevel } from '../../permissions/catalogue';
import type { Decision } from '../../trust/verdict';

/** A part that leads to a document of AWS (`pod-roles-aws:`), or to a page of the AWS console. */
export interface ShownLink {
  readonly label: string;
  readonly uri: string;
}

export interface ShownSection {
  readonly heading: string;
  readonly lines: readonly string[];
}

/** What one statement allows in one service: the same resources, under the same conditions. */
export interface ShownGrant {
  /** The service's prefix: `s3`. */
  readonly service: string;
  readonly resources: readonly string[];
  readonly conditions: readonly string[];
  readonly statement: ShownLink;
  readonly levels: readonly { readonly level: AccessLevel; readonly count: number; readonly actions: readonly string[] }[];
  /** Said in place of the actions' names, if all of a service's are allowed. */
  readonly whole?: string;
  /** Statements that deny a part of it. */
  readonly limits: readonly string[];
}

export interface ShownService {
  readonly name: string;
  readonly prefix: string;
  readonly counts: Readonly<Record<AccessLevel, number>>;
  /** On what, and what is wide about it. */
  readonly where: string;
}

export interface ShownPolicy {
  readonly name: string;
  readonly kind: string;
  /** Its document; absent if it was not read. */
  readonly uri?: string;
  readonly console?: ShownLink;
}

/** Show Role Permissions: the view and its text are made of this. Every text is one line without a character that can't be seen. */
export interface PermissionsShown {
  readonly title: string;
  readonly roleArn: string;
  /** Description, account, path, last use, tags: a line each. */
  readonly facts: readonly string[];
  readonly links: readonly ShownLink[];
  /** The service accounts that use the role. */
  readonly accounts: readonly { readonly decision: Decision; readonly text: string; readonly place?: ShownPlace }[];
  readonly moreAccounts: number;
  /** What is wide, and what was not read. */
  readonly first: readonly ShownSection[];
  readonly services: readonly ShownService[];
  readonly grants: readonly ShownGrant[];
  /** Allowed actions that have no effect, or that the data on access levels doesn't have. */
  readonly others: readonly ShownSection[];
  readonly denies: readonly { readonly text: string; readonly statement: ShownLink }[];
  /** Absent if nothing is known of the role's policies. */
  readonly policies?: readonly ShownPolicy[];
  readonly boundary?: { readonly text: string; readonly policy?: ShownPolicy; readonly cut: readonly string[] };
  /** What can't be seen here. */
  readonly unseen?: ShownSection;
  /** Where the facts are from, and of when. */
  readonly source: string;
}
