import { clause } from '../../text/message';
import type { Text } from '../../text/text';
import { literal } from '../../text/texts';
import { editDistance } from '../../text/nearest';
import type { Atom } from './atoms';
import type { PodStatement } from './statements';

/** A condition key that the request never has. */
export interface AbsentKey {
  /** A clause that names the key: "A pod's token passes no session tags". */
  readonly says: string;
  readonly advice: string;
  /** True where sources only let one believe it. */
  readonly unsure?: boolean;
  /** The key that was meant. */
  readonly meant?: string;
}

/** Session tags of EKS Pod Identity. Source: EKS user guide, pod-id-abac-tags. */
export const sessionTags: readonly string[] = [
  'eks-cluster-arn',
  'eks-cluster-name',
  'kubernetes-namespace',
  'kubernetes-service-account',
  'kubernetes-pod-name',
  'kubernetes-pod-uid',
];

/** Why the condition's key is surely absent from the request; undefined if it is there, or if that is unknown. */
export function absentKey(atom: Atom, statement: PodStatement): AbsentKey | undefined {
  const key = literal(atom.key)?.toLowerCase();
  if (statement.irsa && statement.podIdentity) return undefined;
  if (statement.podIdentity) return absentFromPodIdentity(atom, key);
  return absentFromToken(atom, key, statement);
}

/** Sources: botocore sts model (no such parameters); IAM user guide, id_session-tags (EKS's tokens have no tags claim). */
function absentFromToken(atom: Atom, key: string | undefined, statement: PodStatement): AbsentKey | undefined {
  const advice = 'Restrict the subject with :sub instead.';
  if (atom.claim) {
    if (atom.ours === false && foreignIssuer(atom.claim.issuer, statement)) {
      return {
        says: clause`${show(atom.key)} belongs to another issuer`,
        advice: "Use the provider's issuer in the key.",
      };
    }
    if (atom.name === 'amr' || atom.name === 'azp' || atom.name === 'oaud') {
      return { says: `Service account tokens have no ${atom.name} claim`, advice, unsure: true };
    }
    return undefined;
  }
  if (key === undefined) return undefined;
  if (isNoKey(key)) return { says: `A request for a role has no key ${show(atom.key)}`, advice };
  if (key === 'sts:externalid')
    return { says: 'AssumeRoleWithWebIdentity has no external ID', advice: 'Remove the condition; :sub identifies the service account.' };
  if (key === 'sts:sourceidentity' || key === 'sts:transitivetagkeys')
    return { says: clause`A pod's token doesn't set ${show(atom.key)}`, advice };
  if (/^aws:requesttag\/|^aws:tagkeys$/.test(key))
    return { says: "A pod's token passes no session tags", advice: `${advice} Only EKS Pod Identity passes session tags.` };
  if (key === 'aws:sourceaccount' || key === 'aws:sourcearn') return { says: clause`A pod's own request has no ${show(atom.key)}`, advice };
  return undefined;
}

/** True for a key that is none of AWS's, and no claim of a token: no request for a role has it. Source: IAM user guide, reference_policies_condition-keys. */
function isNoKey(key: string): boolean {
  return !/^(?:aws|sts|iam):/.test(key) && key !== '' && !/[*?]/.test(key);
}

function foreignIssuer(issuer: Text, { providers }: PodStatement): boolean {
  return literal(issuer) !== undefined && providers.length > 0 && providers.every((p) => literal(p.arn?.issuer) !== undefined);
}

function absentFromPodIdentity(atom: Atom, key: string | undefined): AbsentKey | undefined {
  if (atom.claim && (atom.name === 'sub' || atom.name === 'aud')) {
    return {
      says: 'EKS Pod Identity requests have no token claims',
      advice: 'Restrict aws:RequestTag/kubernetes-namespace and aws:RequestTag/kubernetes-service-account instead.',
    };
  }
  if (key === undefined) return undefined;
  if (isNoKey(key))
    return {
      says: `A request of EKS Pod Identity has no key ${show(atom.key)}`,
      advice: 'Restrict aws:RequestTag/kubernetes-namespace and aws:RequestTag/kubernetes-service-account instead.',
    };
  if (key === 'sts:externalid')
    return {
      says: 'EKS Pod Identity passes no external ID to the role',
      advice: 'Restrict aws:SourceAccount or a session tag instead.',
      unsure: true,
    };
  const tag = /^aws:requesttag\/(.*)$/.exec(key)?.[1];
  if (tag !== undefined && !sessionTags.includes(tag)) {
    const near = sessionTags.find((name) => editDistance(tag, name, 3) <= 3) ?? namesake[tag];
    return {
      says: clause`EKS Pod Identity passes no session tag ${tag}`,
      advice: near ? `Use aws:RequestTag/${near}.` : `Its session tags are ${sessionTags.join(', ')}.`,
      ...(near ? { meant: `aws:RequestTag/${near}` } : {}),
    };
  }
  if (/^aws:principaltag\//.test(key)) {
    return {
      says: clause`${show(atom.key)} is a tag of the caller, and EKS has none`,
      advice: 'In a trust policy, use aws:RequestTag/… for session tags; aws:PrincipalTag/… is for permissions policies.',
      unsure: true,
      ...(sessionTags.includes(key.slice('aws:principaltag/'.length))
        ? { meant: `aws:RequestTag/${key.slice('aws:principaltag/'.length)}` }
        : {}),
    };
  }
  return undefined;
}

/** Shorter names that are often written for the tags. */
const namesake: Readonly<Record<string, string>> = {
  namespace: 'kubernetes-namespace',
  'service-account': 'kubernetes-service-account',
  serviceaccount: 'kubernetes-service-account',
  'eks-namespace': 'kubernetes-namespace',
  'cluster-name': 'eks-cluster-name',
  'cluster-arn': 'eks-cluster-arn',
  cluster: 'eks-cluster-name',
  'kubernetes-serviceaccount': 'kubernetes-service-account',
  'kubernetes-service-account-name': 'kubernetes-service-account',
};

function show(text: Text): string {
  return text.value;
}
