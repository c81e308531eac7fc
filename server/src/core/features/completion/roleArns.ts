import type { TrustPolicyFact } from '../../model/facts';
import { literal } from '../../text/texts';
import { judge } from '../../trust/judge';
import { escape } from '../markdown';
import type { WorkspaceView } from '../workspaceView';
import { annotationPlace } from './annotations';
import type { CompletionContext } from './context';
import { textOf, child } from './context';
import { asValue, type Item } from './item';

/** Role ARNs that the workspace knows: first those that admit this account, then those most used. */
export function roleArnItems(view: WorkspaceView, context: CompletionContext): readonly Item[] {
  if (context.at !== 'value' || context.path[context.path.length - 1] !== 'eks.amazonaws.com/role-arn') return [];
  if (annotationPlace(context) !== 'service-account') return [];
  const metadata = child(context.maps[0], 'metadata');
  const owner = metadata?.kind === 'map' ? metadata : undefined;
  const account: Account = { name: textOf(owner, 'name'), namespace: textOf(owner, 'namespace') };
  const policies = policiesByRole(view, context.doc.uri);
  return view.wiring.roleArns()
    .filter(({ arn }) => literal(arn.text) !== undefined)
    .map(({ arn, text, uses }) => {
      const admits = wouldAdmit(policies.get(text), account, arn);
      const used = uses === 0 ? 'not used yet' : uses === 1 ? 'used once' : `used ${uses} times`;
      const verdict = admits === true ? '✓ admits this account' : admits === false ? '✗ refuses this account' : undefined;
      return {
        label: text, kind: 'role' as const, insert: asValue(context, text),
        detail: [verdict, used].filter(Boolean).join(' · '),
        documentation: `Role **${escape(arn.name.value)}** in account ${escape(arn.account.value)}`,
        rank: (admits === true ? 1000 : admits === false ? 3000 : 2000) - Math.min(uses, 900),
        ...(admits === true ? { preselect: true } : {}),
      };
    });
}

interface Account {
  readonly name: string | undefined;
  readonly namespace: string | undefined;
}

/** The trust policy of each role ARN, where one is known. */
function policiesByRole(view: WorkspaceView, uri: string): Map<string, TrustPolicyFact> {
  const found = new Map<string, TrustPolicyFact>();
  for (const policy of view.wiring.policies()) {
    const arn = literal(policy.roleArn);
    if (arn) found.set(arn, policy);
  }
  for (const chain of view.wiring.chains()) {
    const arn = chain.request.value?.value;
    const tie = chain.ties[0];
    if (arn && tie && chain.ties.length === 1 && view.wiring.together(uri, chain.account.doc.uri)) found.set(arn, tie.policy);
  }
  return found;
}

/** True or false where the role's trust policy says so for sure; undefined where it is not known or depends. */
function wouldAdmit(policy: TrustPolicyFact | undefined, account: Account, arn: { account: { value: string }; partition: { value: string } }): boolean | undefined {
  if (!policy || !account.name) return undefined;
  const { decision } = judge(policy.policy, {
    mechanism: 'irsa', roleAccount: arn.account.value, rolePartition: arn.partition.value,
    namespace: account.namespace, serviceAccount: account.name,
  });
  return decision === 'unknown' ? undefined : decision === 'allowed';
}
