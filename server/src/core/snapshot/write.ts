import type { AwsAccount, AwsAssociation, AwsCluster, AwsFacts, AwsPolicy, AwsRole } from '../model/aws';
import { documentValue } from './documents';
import { ordered } from './order';

/** Where the format is described; editors complete and check by it. */
const schema = 'https://raw.githubusercontent.com/pod-roles/pod-roles/main/schemas/snapshot.schema.json';

/**
 * A snapshot file's text: stable order, policies as JSON, a line break at the end. The same facts give the same bytes.
 * Only the format's own fields are written: nothing that hangs on the facts by accident comes out.
 */
export function writeSnapshot(facts: AwsFacts): string {
  return `${JSON.stringify({ $schema: schema, version: 1, accounts: ordered(facts).accounts.map(account) }, null, 2)}\n`;
}

function account(of: AwsAccount): object {
  return {
    id: of.id,
    partition: of.partition,
    takenAt: of.takenAt,
    regions: of.regions,
    partial: of.partial.map(({ action, resource, reason }) => ({ action, resource, reason })),
    clusters: of.clusters.map(cluster),
    providers: of.providers.map(({ arn, issuer, clientIds }) => ({ arn, issuer, clientIds })),
    associations: of.associations.map(association),
    roles: of.roles.map(role),
    policies: of.policies.map(policy),
  };
}

function cluster(of: AwsCluster): object {
  const { arn, name, region, issuer, kubernetesVersion, status, podIdentityAgent, autoMode, hybridNodes, fargateProfiles } = of;
  return {
    arn,
    name,
    region,
    issuer,
    kubernetesVersion,
    status,
    podIdentityAgent,
    autoMode,
    hybridNodes,
    fargateProfiles: fargateProfiles?.map((each) => ({
      name: each.name,
      selectors: each.selectors.map(({ namespace, labels }) => ({ namespace, labels })),
    })),
  };
}

function association(of: AwsAssociation): object {
  const { id, clusterName, region, namespace, serviceAccount, roleArn, targetRoleArn, sessionTagsDisabled, externalId, ownerArn } = of;
  return {
    id,
    clusterName,
    region,
    namespace,
    serviceAccount,
    roleArn,
    targetRoleArn,
    sessionTagsDisabled,
    policy: of.policy === undefined ? undefined : documentValue(of.policy),
    externalId,
    ownerArn,
  };
}

function role(of: AwsRole): object {
  const { arn, name, path, description, maxSessionDuration, permissionsBoundary, createdAt, lastUsed, lastUsedRegion, tags, attached } = of;
  return {
    arn,
    name,
    path,
    description,
    maxSessionDuration,
    permissionsBoundary,
    createdAt,
    lastUsed,
    lastUsedRegion,
    tags,
    detail: of.detail,
    trustPolicy: of.trustPolicy === undefined ? undefined : documentValue(of.trustPolicy),
    attached,
    inline: of.inline && Object.fromEntries(Object.entries(of.inline).map(([name, text]) => [name, documentValue(text)])),
  };
}

function policy({ arn, name, description, versionId, document }: AwsPolicy): object {
  return { arn, name, description, versionId, document: document === undefined ? undefined : documentValue(document) };
}
