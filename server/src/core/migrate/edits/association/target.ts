import type { AssociationTarget, WrittenAssociation } from '../../port';
import type { Made } from '../../types';
import { wrongCluster, wrongName } from '../statements';

export type { AssociationTarget, WrittenAssociation };

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
