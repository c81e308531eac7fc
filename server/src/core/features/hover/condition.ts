import { defaultAudience, formatSubject } from '../../model/subject';
import type { ServiceAccountFact, TrustPolicyFact } from '../../model/facts';
import type { ConditionKey, ConditionOperator } from '../../model/policy';
import { matchesPattern } from '../../text/wildcards/match';
import { literal } from '../../text/texts';
import { claimName, parseConditionKey } from '../../trust/conditionKey';
import { parseOperator, type Operator } from '../../trust/operators';
import { code } from '../markdown';
import type { Target } from '../target';
import type { WorkspaceView } from '../workspaceView';

/** A condition in plain words, with whom it admits of this workspace's accounts. */
export function conditionHover(view: WorkspaceView, target: Target): string | undefined {
  if (target.kind === 'operator') return describeOperator(parseOperator(target.operator.key));
  if (target.kind !== 'condition-key' && target.kind !== 'condition-value') return undefined;
  const { policy, operator, condition } = target;
  const parsed = parseOperator(operator.key);
  const key = parseConditionKey(condition.key);
  const claim = key && claimName(key);
  if (claim === 'sub') return describeSubject(view, policy, parsed, condition);
  if (claim === 'aud') return describeAudience(parsed, condition);
  return describeOther(condition, operator);
}

function describeSubject(view: WorkspaceView, policy: TrustPolicyFact, operator: Operator, condition: ConditionKey): string {
  const lines = [`**The token's subject** ${verb(operator)} ${values(condition)}`];
  const patterns = condition.values.values.map(literal).filter((value): value is string => value !== undefined);
  if (patterns.length < condition.values.values.length)
    return [...lines, 'A part of it is a placeholder, so it is unknown which service accounts it allows.'].join('\n\n');
  const admitted = accountsOf(view, policy).filter(
    ({ subject }) => patterns.some((pattern) => matches(operator, pattern, subject)) !== operator.negated,
  );
  lines.push(
    admitted.length > 0
      ? `${operator.negated ? 'Leaves' : 'Admits'} of this workspace: ${list(admitted.map(({ name }) => code(name)))}.`
      : 'No service account of this workspace is among them.',
  );
  if (!operator.negated) lines.push(...patterns.map(reach).filter((text): text is string => text !== undefined));
  return lines.join('\n\n');
}

/** Every account with a known name and namespace that may be deployed with the policy. */
function accountsOf(view: WorkspaceView, policy: TrustPolicyFact): { subject: string; name: string }[] {
  const found = new Map<string, string>();
  for (const account of view.wiring.accounts()) {
    const subject = subjectOf(view, account);
    if (subject && view.wiring.together(policy.doc.uri, account.doc.uri)) found.set(subject.subject, subject.name);
  }
  return [...found].map(([subject, name]) => ({ subject, name }));
}

function subjectOf(view: WorkspaceView, account: ServiceAccountFact): { subject: string; name: string } | undefined {
  const name = literal(account.name);
  const namespace = view.wiring.namespaceOf(account);
  return name && namespace ? { subject: formatSubject(namespace, name), name: `${namespace}/${name}` } : undefined;
}

function matches(operator: Operator, pattern: string, subject: string): boolean {
  if (operator.like) return matchesPattern(pattern, subject, operator.ignoreCase);
  return operator.ignoreCase ? pattern.toLowerCase() === subject.toLowerCase() : pattern === subject;
}

/** What a pattern admits beyond the accounts of today. */
function reach(pattern: string): string | undefined {
  if (!/[*?]/.test(pattern)) return undefined;
  if (pattern === '*') return 'Allows every subject.';
  const subject = /^system:serviceaccount:([^:]*):([^:]*)$/.exec(pattern);
  if (!subject) return `The wildcard of ${code(pattern)} also matches colons, so it spans namespace and name.`;
  const [, namespace, name] = subject as unknown as [string, string, string];
  if (!/[*?]/.test(namespace))
    return name === '*'
      ? `Allows every service account in the namespace ${code(namespace)}, including future ones.`
      : `Allows any service account in ${code(namespace)} whose name is like ${code(name)}.`;
  return namespace === '*'
    ? 'Allows it in any namespace of the cluster.'
    : `Allows it in any namespace with a name like ${code(namespace)}.`;
}

function describeAudience(operator: Operator, condition: ConditionKey): string {
  return [
    `**The token's audience** ${verb(operator)} ${values(condition)}`,
    `The webhook requests ${code(defaultAudience)}, in every partition, unless the account's annotation ${code('eks.amazonaws.com/audience')} sets another one.`,
  ].join('\n\n');
}

const others: Readonly<Record<string, string>> = {
  'aws:sourceip': "The caller's address. Absent behind a VPC endpoint.",
  'aws:sourceaccount': 'With EKS Pod Identity the account of the cluster. Absent when a pod calls with a token (IRSA).',
  'aws:sourcearn':
    'With EKS Pod Identity an ARN that AWS does not document exactly; `aws:RequestTag/eks-cluster-arn` is surer. Absent when a pod calls with a token (IRSA).',
  'aws:requesttag/kubernetes-namespace': "A session tag that EKS Pod Identity sends: the pod's namespace.",
  'aws:requesttag/kubernetes-service-account': "A session tag that EKS Pod Identity sends: the pod's service account.",
  'aws:requesttag/eks-cluster-arn': "A session tag that EKS Pod Identity sends: the cluster's ARN.",
  'aws:requesttag/eks-cluster-name': "A session tag that EKS Pod Identity sends: the cluster's name.",
  'aws:requesttag/kubernetes-pod-name': "A session tag that EKS Pod Identity sends: the pod's name.",
  'aws:requesttag/kubernetes-pod-uid': "A session tag that EKS Pod Identity sends: the pod's UID.",
  'sts:externalid': "A pod's call with a token (IRSA) has no external ID: the key is absent.",
  'sts:rolesessionname': "The session's name, which the SDK chooses.",
};

function describeOther(condition: ConditionKey, operator: ConditionOperator): string | undefined {
  const text = others[condition.key.value.toLowerCase()];
  return text && `**${code(condition.key.value)}** ${verb(parseOperator(operator.key))} ${values(condition)}\n\n${text}`;
}

function verb(operator: Operator): string {
  const not = operator.negated ? 'not ' : '';
  if (operator.base === 'Null') return 'is absent:';
  if (operator.family === 'String' || operator.family === 'Arn') {
    return operator.like ? `must ${not}be like` : `must ${not}be exactly${operator.ignoreCase ? ' (in any case)' : ''}`;
  }
  return `is compared (${code(operator.written)}) with`;
}

function values(condition: ConditionKey): string {
  return (
    list(
      condition.values.values.map((value) => code(value.value)),
      'or',
    ) || 'nothing'
  );
}

function list(items: readonly string[], word = 'and'): string {
  const shown = items.slice(0, 6);
  if (items.length > shown.length) return `${shown.join(', ')} ${word} ${items.length - shown.length} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} ${word} ${shown[shown.length - 1]!}`;
}

function describeOperator(operator: Operator): string | undefined {
  if (!operator.known) return undefined;
  const lines = [`**${code(operator.written)}**`];
  if (operator.family === 'String' || operator.family === 'Arn') {
    const how =
      operator.family === 'Arn'
        ? 'Compares ARNs: each of the six parts between colons alone; `*` and `?` are wildcards.'
        : operator.like
          ? 'Compares with wildcards: `*` is any text, the colon too, `?` just one character. Case counts.'
          : `Compares character by character: \`*\` and \`?\` aren't wildcards here. Case ${operator.ignoreCase ? 'does not count' : 'counts'}.`;
    lines.push(how);
  } else if (operator.base === 'Null') lines.push('`"true"`: the key must be absent. `"false"`: it must be there.');
  else if (operator.family === 'IpAddress')
    lines.push('Compares addresses with ranges such as `203.0.113.0/24`; a single address matches only itself.');
  lines.push(
    operator.negated
      ? 'Several values: none may match. **True when the key is absent.**'
      : 'Several values: one must match. False when the key is absent.',
  );
  if (operator.ifExists) lines.push('`…IfExists`: true when the key is absent.');
  if (operator.set === 'ForAllValues')
    lines.push(
      "`ForAllValues`: every value of the request must match; **true when the key is absent**. A token's subject and audience are single values and do not need it.",
    );
  if (operator.set === 'ForAnyValue') lines.push('`ForAnyValue`: one value of the request must match; false when the key is absent.');
  return lines.join('\n\n');
}
