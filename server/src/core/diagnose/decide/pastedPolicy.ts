import { policyFromText } from '../../readers/policyDocument';
import { deniedReason } from '../../trust/access';
import { judge } from '../../trust/judge';
import { allowedInstead } from '../../trust/subjects';
import type { Request } from '../../trust/verdict';
import type { FileAnswer } from '../files/port';
import { policyOf } from '../recognise/rolePolicies';
import type { Case, Picked } from './case';

/**
 * The answers of the files with that of a role's trust policy that was pasted in their place: it is what IAM has, so it
 * counts before what files say. As they are where no policy was pasted, or not whose it is, or not who asked. Total.
 */
export function withPastedPolicy(known: Case, answers: readonly FileAnswer[], picked: Picked | undefined): readonly FileAnswer[] {
  const policies = known.observations.flatMap(({ policy }) => policy ?? []);
  if (policies.length === 0) return answers;
  const [first] = answers;
  const asked = known.role?.value ?? first?.roleArn;
  const pasted = policyOf(policies, asked);
  const who = whoAsked(known, first, picked);
  if (!pasted || !who) return answers;
  const roleArn = pasted.role ?? (asked?.startsWith('arn:') ? asked : undefined);
  const policy = policyFromText(pasted.text);
  const mechanism = known.mechanism ?? first?.mechanism ?? 'irsa';
  const request = requestOf(known, who, mechanism, roleArn);
  const verdict = judge(policy, request);
  const denied = verdict.decision === 'denied';
  const instead = denied ? allowedInstead(verdict, { policy }) : undefined;
  const names =
    instead && instead !== 'placeholder' ? [...new Set(instead.map(({ account }) => `${account.namespace}/${account.name}`))] : [];
  const failed = denied ? verdict.trace.filter(({ matched, element }) => matched === false && element !== 'Statement').slice(0, 6) : [];
  const otherThanFiles = denied && first?.decision === 'allowed' && first.roleArn === roleArn;
  return [
    {
      account: `${who.namespace}/${who.name}`,
      ...who,
      ...(first?.accountPlace ? { accountPlace: first.accountPlace } : {}),
      asks: true,
      mechanism,
      ...(roleArn === undefined ? {} : { role: roleArn.slice(roleArn.lastIndexOf('/') + 1), roleArn }),
      decision: verdict.decision,
      ...(denied ? { reason: deniedReason(verdict) } : {}),
      ...(names.length > 0 && names.length <= 3 ? { allowedInstead: names.join(', ') } : {}),
      steps: [
        ...failed.map(({ message }) => ({ text: message })),
        ...(otherThanFiles ? [{ text: 'The files allow it: they are not applied, or the role was changed since.' }] : []),
      ],
      ...(first?.decision === 'denied' && denied && first.place ? { place: first.place } : {}),
      fixes: first?.decision === 'denied' && denied ? first.fixes : [],
      // The policy says itself that it is the role's where IAM printed both; one by itself is assumed to be.
      sure: pasted.role !== undefined && pasted.role === known.role?.value,
      pasted: true,
      skips: first?.skips ?? [],
    },
  ];
}

function whoAsked(
  { namespace, serviceAccount, contradicted }: Case,
  answer: FileAnswer | undefined,
  picked: Picked | undefined,
): { readonly namespace: string; readonly name: string } | undefined {
  if (contradicted.has('namespace') || contradicted.has('serviceAccount')) return undefined;
  if (namespace?.sure === 'told' && serviceAccount?.sure === 'told') return { namespace: namespace.value, name: serviceAccount.value };
  return picked && answer?.namespace !== undefined && answer.name !== undefined
    ? { namespace: answer.namespace, name: answer.name }
    : undefined;
}

function requestOf(
  { issuer, audiences, contradicted }: Case,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  mechanism: 'irsa' | 'pod-identity',
  roleArn: string | undefined,
): Request {
  const [, partition, , , account] = roleArn?.split(':') ?? [];
  const common = {
    namespace,
    serviceAccount: name,
    ...(account === undefined ? {} : { roleAccount: account }),
    ...(partition === undefined ? {} : { rolePartition: partition }),
  };
  if (mechanism === 'pod-identity') return { mechanism, ...common };
  const [audience, another] = audiences;
  return {
    mechanism,
    ...common,
    ...(issuer?.sure === 'told' && !contradicted.has('issuer') ? { issuer: issuer.value } : {}),
    ...(audience && another === undefined ? { audience: audience.value } : {}),
  };
}
