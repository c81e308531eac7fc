import type { RoleFact, ServiceAccountFact } from '../../../model/facts';
import type { SourceDocument } from '../../../syntax/sourceFile';
import type { FileChange, Made, MovedAccount } from '../../types';
import { wrongCluster, wrongName } from '../statements';

/** What an association is written for. */
export interface AssociationTarget {
  readonly account: MovedAccount;
  /** The role as a file makes it; absent: no file does. */
  readonly role?: RoleFact;
  /** The document of the role, or eksctl's ClusterConfig. */
  readonly document?: SourceDocument;
  /** The other files of the Terraform folder, for names that are taken. */
  readonly siblings: readonly SourceDocument[];
  /** The role's ARN, where it is known. */
  readonly roleArn?: string;
  /** The cluster's region, where it is known. */
  readonly region?: string;
  /** eksctl: the account's entry of `iam.serviceAccounts`, whose policies a new role gets. */
  readonly entry?: ServiceAccountFact;
  /** eksctl: the entry alone creates the service account in the cluster, so the association has to. */
  readonly createsAccount?: boolean;
}

/** An association as edits of files, or as a line of a shell script where no file takes it. */
export interface WrittenAssociation extends FileChange {
  readonly script?: string;
  /** What it is written as, for people: `Terraform resource`, `AWS CLI command`. */
  readonly format: string;
}

/** Writes associations in one format; undefined where the target isn't of that format. */
export type WriteAssociation = (target: AssociationTarget) => Made<WrittenAssociation> | undefined;

/** Why no association can be written for an account, whatever the format. */
export function wrongTarget({ account, roleArn, region }: AssociationTarget): string | undefined {
  if (roleArn !== undefined && !/^arn:aws[a-z0-9-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,600}$/.test(roleArn))
    return `${JSON.stringify(roleArn)} is not the ARN of a role.`;
  if (region !== undefined && !/^[a-z]{2}(?:-[a-z]+)+-\d$/.test(region)) return `${JSON.stringify(region)} is not a region.`;
  return wrongName(account) ?? wrongCluster(account);
}

export const clusterUnknown =
  "The cluster's name is unknown: add the cluster to pod-roles.yaml (on the command line, --cluster NAME does, too), or write the association manually.";
