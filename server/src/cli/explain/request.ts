import { parseRoleArn } from '../../core/model/arn';
import { literal, plain } from '../../core/text/texts';
import type { Request } from '../../core/trust/verdict';

/** A request as a user or a script spells it out. */
export interface RequestFields {
  readonly mechanism?: string | undefined;
  readonly roleArn?: string | undefined;
  readonly account?: string | undefined;
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
  readonly namespace?: string | undefined;
  readonly serviceAccount?: string | undefined;
  readonly clusterArn?: string | undefined;
  /** The client ids of the IAM provider, where known. */
  readonly clientIds?: readonly string[] | undefined;
  /** Request keys that no file tells, such as `aws:SourceIp`; null for a key that is known to be absent. */
  readonly context?: Readonly<Record<string, string | readonly string[] | null>> | undefined;
}

/** The request, or a sentence on what is wrong with the fields. */
export function toRequest(fields: RequestFields): { readonly request: Request } | { readonly error: string } {
  const { namespace, serviceAccount, mechanism = 'irsa' } = fields;
  if (mechanism !== 'irsa' && mechanism !== 'pod-identity') return { error: `the mechanism is irsa or pod-identity, not ${mechanism}` };
  if (!namespace) return { error: 'the namespace is missing' };
  if (!serviceAccount) return { error: 'the service account is missing' };
  if (fields.account !== undefined && !/^\d{12}$/.test(fields.account)) return { error: `the account is 12 digits, not ${fields.account}` };
  const role = roleParts(fields.roleArn);
  if ('error' in role) return role;
  const account = role.account ?? fields.account;
  const base = {
    namespace,
    serviceAccount,
    ...(account === undefined ? {} : { roleAccount: account }),
    ...(role.partition === undefined ? {} : { rolePartition: role.partition }),
    ...(fields.context
      ? { context: new Map(Object.entries(fields.context).map(([key, value]) => [key.toLowerCase(), value ?? undefined])) }
      : {}),
  };
  if (mechanism === 'pod-identity') return podIdentity(fields, base);
  const issuer = issuerOf(fields.issuer);
  if (issuer === undefined) return { error: 'the issuer is missing' };
  return {
    request: {
      mechanism,
      ...base,
      issuer,
      ...(fields.audience === undefined ? {} : { audience: fields.audience }),
      ...(fields.clientIds ? { clientIds: fields.clientIds } : {}),
    },
  };
}

function podIdentity(
  fields: RequestFields,
  base: Omit<Request & { mechanism: 'pod-identity' }, 'mechanism'>,
): ReturnType<typeof toRequest> {
  const { clusterArn } = fields;
  const parts = clusterArn === undefined ? undefined : /^arn:[^:]+:eks:[^:]*:(\d{12}):cluster\/([^/]+)$/.exec(clusterArn);
  if (clusterArn !== undefined && !parts) return { error: `${clusterArn} isn't the ARN of an EKS cluster` };
  const account = fields.account ?? parts?.[1];
  return {
    request: {
      mechanism: 'pod-identity',
      ...base,
      ...(clusterArn === undefined ? {} : { clusterArn, clusterName: parts![2]! }),
      ...(account === undefined ? {} : { account }),
    },
  };
}

/** An issuer as policies write it: without its scheme. */
function issuerOf(issuer: string | undefined): string | undefined {
  const host = issuer?.trim().replace(/^https:\/\//, '');
  return host === '' ? undefined : host;
}

function roleParts(arn: string | undefined): { readonly account?: string; readonly partition?: string } | { readonly error: string } {
  if (arn === undefined) return {};
  const parsed = parseRoleArn(plain(arn));
  if (!parsed) return { error: `${arn} isn't the ARN of an IAM role` };
  const account = literal(parsed.account)!;
  if (!/^\d{12}$/.test(account)) return { error: `the account in ${arn} is not 12 digits` };
  return { account, partition: literal(parsed.partition)! };
}

/** The name of the role in an ARN. */
export function roleName(arn: string | undefined): string | undefined {
  return arn === undefined ? undefined : parseRoleArn(plain(arn))?.name.value;
}
