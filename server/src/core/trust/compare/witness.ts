import { issuerKind } from '../../model/issuer';
import { defaultAudience, isNamespaceName, isServiceAccountName, parseSubject } from '../../model/subject';
import { shown, shownText } from '../../text/shown';
import { literal, plain } from '../../text/texts';
import { judge } from '../judge';
import type { PodIdentityRequest, Request, WebIdentityRequest } from '../verdict';
import type { Caller } from './callers';
import { firstCell } from './cells';
import type { CallerConditions } from './conditions';
import type { Model } from './solve';
import type { ComparisonScope, PolicySet, Witness } from './types';
import type { KeyVariable } from './variables';

interface Found {
  readonly caller: Caller;
  readonly model: Model;
  readonly conditions: CallerConditions;
  readonly scope: ComparisonScope;
  readonly all: PolicySet;
  readonly part: PolicySet;
}

/** One key of a request with its value; undefined: it is not there. */
type Value = readonly [key: KeyVariable, value: string | undefined];

/**
 * Somebody whom one side allows and the other does not. Undefined where `judge` doesn't say so of a request for a token or a pod:
 * then something was assumed that doesn't hold.
 */
export function witnessOf({ caller, model, conditions, scope, all, part }: Found): Witness | undefined {
  const values: Value[] = [...conditions.free].map((key) => {
    const cell = model.cell(key.variable) ?? firstCell(key.variable.assumed);
    return [key, key.values[cell]];
  });
  if (caller.kind === 'principal') return { words: `${principalWords(caller)}${othersWords(values)}` };
  const made = caller.kind === 'pods' ? podRequest(caller.tags, values, scope) : tokenRequest(caller, values, scope);
  if (!made) return undefined;
  const { request, words, isPod } = made;
  if (!part.some((policy) => judge(policy, request).decision === 'allowed')) return undefined;
  if (!all.every((policy) => judge(policy, request).decision === 'denied')) return undefined;
  return isPod ? { request, words } : { words };
}

interface Made {
  readonly request: Request;
  readonly words: string;
  /** False for a token that no cluster issues. */
  readonly isPod: boolean;
}

function tokenRequest(caller: Extract<Caller, { kind: 'token' }>, values: readonly Value[], scope: ComparisonScope): Made | undefined {
  const [subject, audience] = [valueOf(values, 'sub'), valueOf(values, 'aud')];
  const text = caller.issuer ?? caller.provider;
  if (!text) return undefined;
  const issuer = literal(text.text);
  const sub = subject?.[1];
  const parts = sub === undefined ? undefined : parseSubject(plain(sub));
  const isAccount = parts !== undefined && isNamespaceName(parts.namespace.value) && isServiceAccountName(parts.name.value);
  const context = contextOf(values.filter(([{ key }]) => key.claim === undefined));
  // A subject of another form is given as what it is: a value of its key.
  if (subject && sub !== undefined && !isAccount) {
    if (subject[0].key.key === undefined || subject[0].key.domain) return undefined;
    context.set(subject[0].key.key, sub);
  }
  const [account, partition] = [literal(caller.account?.text), literal(caller.partition?.text)];
  const request: WebIdentityRequest = {
    mechanism: 'irsa',
    ...(account === undefined ? {} : { roleAccount: account }),
    ...(partition === undefined ? {} : { rolePartition: partition }),
    ...scope,
    ...(issuer === undefined ? {} : { issuer }),
    namespace: isAccount ? parts.namespace.value : 'default',
    serviceAccount: isAccount ? parts.name.value : 'default',
    ...(audience?.[1] === undefined ? {} : { audience: audience[1] }),
    ...(context.size > 0 ? { context } : {}),
  };
  const isForeign = issuer !== undefined && issuerKind(issuer) === 'known-other';
  const who = sub !== undefined ? shown(sub) : isForeign ? 'any token' : 'any service account';
  const forAudience = audience?.[1] === undefined || audience[1] === defaultAudience ? '' : ` with the audience ${shown(audience[1])}`;
  return {
    request,
    words: `${who} of ${shown(shownText(text.text))}${forAudience}${othersWords(values)}`,
    isPod: (sub === undefined || isAccount) && !isForeign,
  };
}

function podRequest(tags: boolean, values: readonly Value[], scope: ComparisonScope): Made | undefined {
  const tag = (name: string): string | undefined => values.find(([{ key }]) => key.key === `aws:requesttag/${name}`)?.[1];
  const [namespace = 'default', serviceAccount = 'default', podName] = [
    tag('kubernetes-namespace'),
    tag('kubernetes-service-account'),
    tag('kubernetes-pod-name'),
  ];
  const clusterArn = values.find(([{ key }]) => key.isCluster)?.[1];
  if (!isNamespaceName(namespace) || !isServiceAccountName(serviceAccount) || (clusterArn?.split('cluster/')[1]?.length ?? 1) > 100)
    return undefined;
  const context = contextOf(values.filter(([{ key }]) => !key.isCluster && !key.key?.startsWith('aws:requesttag/kubernetes-')));
  const request: PodIdentityRequest = {
    mechanism: 'pod-identity',
    ...scope,
    namespace,
    serviceAccount,
    ...(clusterArn === undefined ? {} : { clusterArn }),
    ...(podName === undefined ? {} : { podName }),
    ...(tags ? {} : { sessionTagsDisabled: true }),
    ...(context.size > 0 ? { context } : {}),
  };
  const cluster = clusterArn === undefined ? '' : ` of ${clusterArn}`;
  const without = tags ? '' : ' without session tags';
  return {
    request,
    words: `service account ${namespace}/${serviceAccount}${cluster} through EKS Pod Identity${without}${othersWords(values)}`,
    isPod: true,
  };
}

/** The value of a claim: that of the caller's own key, where others may be the same. */
function valueOf(values: readonly Value[], claim: 'sub' | 'aud'): Value | undefined {
  const found = values.filter(([{ key }]) => key.claim === claim);
  return found.find(([{ key }]) => key.presence === 'always') ?? found[0];
}

function contextOf(values: readonly Value[]): Map<string, string | undefined> {
  const context = new Map<string, string | undefined>();
  for (const [{ key }, value] of values) if (key.key !== undefined) context.set(key.key, value);
  return context;
}

function principalWords({ element, name }: Extract<Caller, { kind: 'principal' }>): string {
  const kind =
    element === 'aws' ? 'AWS principal' : element === 'service' ? 'service' : element === 'federated' ? 'provider' : `principal ${element}`;
  return name ? `${kind} ${shown(shownText(name.text))}` : element === 'aws' ? 'any AWS principal' : `any ${kind}`;
}

/** Other keys that matter, so many of them. */
function othersWords(values: readonly Value[]): string {
  const others = values.filter(
    ([{ key }]) => key.claim === undefined && !key.isCluster && !key.key?.startsWith('aws:requesttag/kubernetes-'),
  );
  return others
    .slice(0, 3)
    .map(
      ([{ key }, value], i) => `${i === 0 ? ' ' : ', '}${value === undefined ? `without ${key.name}` : `with ${key.name} ${shown(value)}`}`,
    )
    .join('');
}
