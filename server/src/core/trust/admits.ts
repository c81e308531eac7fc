import type { Span } from '../text/span';
import type { Text } from '../text/text';
import { literal } from '../text/texts';
import { parseProviderArn } from '../model/arn';
import type { ConditionKey, ConditionOperator, ListValue, PolicyDocument, Statement } from '../model/policy';
import { claimName, parseConditionKey } from '../model/conditionKey';
import { matchesAction } from './actions';
import { parseOperator, type Operator } from './operators';

/** Whom an Allow statement admits, for hovers, completion and messages. Whether one account is admitted: see `judge`. */
export interface Grant {
  /** The statement's number from 0, and its place. */
  readonly statement: number;
  readonly span: Span;
  readonly mechanism: 'irsa' | 'pod-identity';
  /** The provider as written (IRSA): an ARN, or a hole. */
  readonly provider?: Text;
  /** The ARN's issuer; absent where the provider is no ARN. */
  readonly issuer?: Text;
  /** Subjects of the token (IRSA). `any`: no condition looks at them. */
  readonly subjects: 'any' | readonly Pattern[];
  readonly audiences: 'any' | readonly Pattern[];
  /** Session tags (Pod Identity). */
  readonly namespaces: 'any' | readonly Pattern[];
  readonly serviceAccounts: 'any' | readonly Pattern[];
  readonly clusters: 'any' | readonly Pattern[];
  /** Conditions that narrow or widen this and are not told above: other keys, negations, set operators, a second one on the same claim. */
  readonly others: readonly { readonly operator: Text; readonly key: ConditionKey }[];
  /** True when a template may add conditions. */
  readonly open: boolean;
}

/** A value that a claim or tag is compared with. */
export interface Pattern {
  readonly text: ListValue;
  /** `*` and `?` are expanded. */
  readonly like: boolean;
  readonly ignoreCase: boolean;
  readonly operator: ConditionOperator;
  readonly key: ConditionKey;
}

export interface Admission {
  readonly grants: readonly Grant[];
  /** Deny statements: they take away from the grants. */
  readonly denies: readonly Statement[];
}

type Told = 'subjects' | 'audiences' | 'namespaces' | 'serviceAccounts' | 'clusters';

const tags: Readonly<Record<string, Told>> = {
  'aws:requesttag/kubernetes-namespace': 'namespaces',
  'aws:requesttag/kubernetes-service-account': 'serviceAccounts',
  'aws:requesttag/eks-cluster-name': 'clusters',
  'aws:requesttag/eks-cluster-arn': 'clusters',
};

/** What a policy's Allow statements let in: one grant for each provider, and one for `pods.eks.amazonaws.com`. Total over any document. */
export function admits(policy: PolicyDocument): Admission {
  const grants: Grant[] = [];
  const denies: Statement[] = [];
  for (const statement of policy.statements) {
    const effect = literal(statement.effect?.text);
    if (effect === 'Deny') denies.push(statement);
    if (effect === 'Allow') grants.push(...ofStatement(statement));
  }
  return { grants, denies };
}

function ofStatement(statement: Statement): Grant[] {
  const grants: Grant[] = [];
  const conditions = readConditions(statement);
  const open = statement.open || (statement.condition?.open ?? false) || (statement.condition?.operators.some((o) => o.open) ?? false);
  const base = { statement: statement.index, span: statement.span, ...conditions, open };
  for (const kind of statement.principal?.kinds ?? []) {
    if (kind.key.value === 'Federated' && matchesAction(statement, 'sts:AssumeRoleWithWebIdentity') !== false) {
      for (const provider of kind.values) {
        const issuer = parseProviderArn(provider)?.issuer;
        grants.push({ ...base, mechanism: 'irsa', provider, ...(issuer ? { issuer } : {}) });
      }
    }
    if (
      kind.key.value === 'Service' &&
      kind.values.some((v) => v.value === 'pods.eks.amazonaws.com') &&
      matchesAction(statement, 'sts:AssumeRole') !== false
    ) {
      grants.push({ ...base, mechanism: 'pod-identity' });
    }
  }
  return grants;
}

function readConditions(statement: Statement): Pick<Grant, Told | 'others'> {
  const told: Partial<Record<Told, readonly Pattern[]>> = {};
  const others: { operator: Text; key: ConditionKey }[] = [];
  for (const operator of statement.condition?.operators ?? []) {
    const parsed = parseOperator(operator.key);
    for (const key of operator.keys) {
      const what = toldBy(key.key);
      if (!what || told[what] || !isPlain(parsed)) {
        others.push({ operator: operator.key, key });
        continue;
      }
      told[what] = key.values.values.map((text) => ({ text, like: parsed.like, ignoreCase: parsed.ignoreCase, operator, key }));
    }
  }
  return {
    subjects: told.subjects ?? 'any',
    audiences: told.audiences ?? 'any',
    namespaces: told.namespaces ?? 'any',
    serviceAccounts: told.serviceAccounts ?? 'any',
    clusters: told.clusters ?? 'any',
    others,
  };
}

function toldBy(key: Text): Told | undefined {
  const tag = tags[key.value.toLowerCase()];
  if (tag) return tag;
  const claim = parseConditionKey(key);
  const name = claim && claimName(claim);
  return name === 'sub' ? 'subjects' : name === 'aud' ? 'audiences' : undefined;
}

/** A positive comparison of text, whose values say whom it admits. The claims hold one value, so a set prefix changes nothing where they are present. */
function isPlain(operator: Operator): boolean {
  return operator.known && !operator.negated && (operator.family === 'String' || operator.family === 'Arn');
}
