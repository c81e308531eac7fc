import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { policyFromText } from '../../server/src/core/readers/policyDocument';
import { judge } from '../../server/src/core/trust/judge';
import { refusals } from '../../server/src/core/trust/refusals';
import type { Request } from '../../server/src/core/trust/verdict';

/** Vectors that live beside the repository: run where they are present. */
const file = path.resolve(import.meta.dirname, '../../../shared/vectors.json');
const present = existsSync(file);

interface Vector {
  readonly name: string;
  readonly trustPolicy: unknown;
  readonly token: { readonly issuer: string; readonly sub: string; readonly aud: string };
  readonly providerClientIds: readonly string[];
  readonly roleAccount: string;
  readonly context?: Readonly<Record<string, string>>;
  readonly expect: 'allow' | 'deny' | 'unknown';
  readonly reason: string;
  readonly stsError?: string;
}

interface PodVector extends Vector {
  readonly account: string;
  readonly region: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly podName?: string;
  readonly platform?: string;
  readonly agentInstalled?: boolean;
  readonly association: {
    readonly cluster: string;
    readonly namespace: string;
    readonly serviceAccount: string;
    readonly disableSessionTags?: boolean;
  } | null;
}

const vectors = present
  ? (JSON.parse(readFileSync(file, 'utf8')) as {
      irsa: Vector[];
      podIdentity: PodVector[];
      documents: { name: string; text: string; expect: string; message: string | null }[];
    })
  : undefined;
const decisions = { allow: 'allowed', deny: 'denied', unknown: 'unknown' } as const;

function policyOf(vector: Vector) {
  return policyFromText(typeof vector.trustPolicy === 'string' ? vector.trustPolicy : JSON.stringify(vector.trustPolicy));
}

describe.runIf(present)('shared vectors', () => {
  it.each(vectors?.irsa ?? [])('irsa: $name', (vector) => {
    const [, , namespace, serviceAccount] = vector.token.sub.split(':');
    const context = new Map<string, string | undefined>(Object.entries(vector.context ?? {}).map(([k, v]) => [k.toLowerCase(), v]));
    // Two vectors say in words alone that the key is absent.
    if (
      (/absent/.test(vector.reason) && JSON.stringify(vector.trustPolicy).includes('aws:SourceIp')) ||
      vector.name === 'IpAddress through a VPC endpoint' ||
      vector.name === 'NotIpAddress absent'
    )
      context.set('aws:sourceip', undefined);
    const request: Request = {
      mechanism: 'irsa',
      issuer: vector.token.issuer.replace('https://', ''),
      audience: vector.token.aud,
      clientIds: vector.providerClientIds,
      roleAccount: vector.roleAccount,
      namespace,
      serviceAccount,
      context,
    };
    const verdict = judge(policyOf(vector), request);
    expect(verdict.decision, JSON.stringify(verdict, null, 1)).toBe(decisions[vector.expect]);
    if (vector.stsError) expect(verdict.error).toContain(vector.stsError.replace(/^AccessDenied: /, ''));
  });

  // What stands outside the trust policy (the association itself, platform, agent) is not judge's to see.
  const pods = (vectors?.podIdentity ?? []).filter(
    (v) =>
      v.association &&
      v.association.cluster === v.cluster &&
      v.association.namespace === v.namespace &&
      v.association.serviceAccount === v.serviceAccount &&
      !v.platform &&
      v.agentInstalled !== false,
  );
  it.each(pods)('pod identity: $name', (vector) => {
    const request: Request = {
      mechanism: 'pod-identity',
      roleAccount: vector.roleAccount,
      account: vector.account,
      namespace: vector.namespace,
      serviceAccount: vector.serviceAccount,
      clusterArn: `arn:aws:eks:${vector.region}:${vector.account}:cluster/${vector.cluster}`,
      ...(vector.podName ? { podName: vector.podName } : {}),
      ...(vector.association!.disableSessionTags ? { sessionTagsDisabled: true } : {}),
    };
    const verdict = judge(policyOf(vector), request);
    expect(verdict.decision, JSON.stringify(verdict, null, 1)).toBe(decisions[vector.expect]);
  });

  it.each(vectors?.documents ?? [])('document: $name', ({ name, text, expect: wanted, message }) => {
    const found = refusals(policyFromText(text));
    // Whether a principal exists is known to IAM alone.
    const rejected = name !== 'unknown AWS principal' && wanted === 'rejected';
    expect(found.length > 0, JSON.stringify(found)).toBe(rejected);
    const iam = message && /^(?:MalformedPolicyDocument: |LimitExceeded: )(.*)$/.exec(message)?.[1];
    if (rejected && iam) expect(found.map((f) => f.iam ?? '').join('\n')).toContain(iam);
  });
});
