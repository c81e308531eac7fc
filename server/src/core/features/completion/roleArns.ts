import { parseRoleArn, type RoleArn } from '../../model/arn';
import type { AwsRole } from '../../model/aws';
import type { TrustPolicyFact } from '../../model/facts';
import { literal, plain } from '../../text/texts';
import { judge } from '../../trust/judge';
import type { AwsIndex } from '../../wiring/aws';
import { escape } from '../markdown';
import type { WorkspaceView } from '../workspaceView';
import { annotationPlace } from './annotations';
import type { CompletionContext } from './context';
import { textOf, child } from './context';
import { asValue, type Item } from './item';
import { likeness } from './likeness';

/** How many real roles are judged at most for one list, of those that write the account's name and of those with patterns. */
const judged = { named: 200, pattern: 200 };

interface Account {
  readonly name: string | undefined;
  readonly namespace: string | undefined;
}

/** A role that may be meant, from the files, from AWS, or from both. */
interface Candidate {
  readonly text: string;
  readonly arn: RoleArn;
  /** How often the files name it. */
  readonly uses: number;
  readonly role?: AwsRole;
  readonly likeness: number;
}

/**
 * Role ARNs that the workspace and AWS know: first those that admit this account, then by likeness of their name to the
 * account's, and by use. Quick with thousands of roles: few of their trust policies may name the account, and only those are read.
 */
export function roleArnItems(view: WorkspaceView, context: CompletionContext): readonly Item[] {
  if (context.at !== 'value' || context.path[context.path.length - 1] !== 'eks.amazonaws.com/role-arn') return [];
  if (annotationPlace(context) !== 'service-account') return [];
  const metadata = child(context.maps[0], 'metadata');
  const owner = metadata?.kind === 'map' ? metadata : undefined;
  const account: Account = { name: textOf(owner, 'name'), namespace: textOf(owner, 'namespace') };
  const policies = policiesByRole(view, context.doc.uri);
  const { aws } = view.wiring;
  const left = { ...judged };
  const items = candidates(view, account, ownValue(view, context)).map((candidate) => {
    const { text, arn } = candidate;
    const how = mayAdmit(candidate.role, account);
    const real = aws && how && how !== 'others' && left[how]-- > 0 ? aws.trust(text)?.fact : undefined;
    const policy = policies.get(text) ?? real;
    return item(candidate, wouldAdmit(policy, account, arn), how === 'others' && !policy, context, aws);
  });
  return [
    ...items,
    { label: 'Create a role…', kind: 'action', detail: 'Generate Role and ServiceAccount', insert: '', rank: 9000, then: 'create-role' },
  ];
}

/** The value that stands at the cursor: what is being typed is no role that the workspace knows. */
function ownValue(view: WorkspaceView, { doc, span }: CompletionContext): string | undefined {
  for (const fact of view.factsOf(doc)) {
    const value = fact.kind === 'serviceAccount' ? fact.roleArn?.value : undefined;
    if (value && value.span.start <= span.end && value.span.end >= span.start) return value.value;
  }
  return undefined;
}

/** Every role once, the likeliest by name first. */
function candidates(view: WorkspaceView, account: Account, own: string | undefined): Candidate[] {
  const { aws } = view.wiring;
  const like = likeness(account.name, account.namespace);
  const found = new Map<string, Candidate>();
  for (const { arn, text, uses } of view.wiring.roleArns()) {
    if (literal(arn.text) === undefined) continue;
    const role = aws?.role(text);
    const others = text === own ? uses - 1 : uses;
    if (others === 0 && !role) continue;
    found.set(text, { text, arn, uses: others, likeness: like(arn.name.value), ...(role ? { role } : {}) });
  }
  for (const role of aws?.roles() ?? []) {
    // A service-linked role can be taken by its service alone. Source: IAM user guide, using-service-linked-roles.
    if (found.has(role.arn) || role.path.startsWith('/aws-service-role/')) continue;
    const arn = parseRoleArn(plain(role.arn));
    if (arn) found.set(role.arn, { text: role.arn, arn, uses: 0, role, likeness: like(role.name) });
  }
  return [...found.values()].sort((a, b) => b.likeness - a.likeness);
}

function item(
  { text, arn, uses, role, likeness: like }: Candidate,
  admits: boolean | undefined,
  isOthers: boolean,
  context: CompletionContext,
  aws: AwsIndex | undefined,
): Item {
  const used = uses === 0 ? 'not used in these files' : uses === 1 ? 'used once' : `used ${uses} times`;
  const verdict = admits === true ? '✓ allows this service account' : admits === false ? "✗ doesn't allow this service account" : undefined;
  const lastUsed = role?.lastUsed === undefined ? undefined : `last used ${role.lastUsed.slice(0, 10)}`;
  // What the ARN itself says is not said again.
  const about = role && aws ? aboutRole(role, arn, aws) : undefined;
  return {
    // By its ARN, which is what people type; the name alone is what they tell roles by.
    label: arn.name.value,
    filter: text,
    kind: 'role',
    insert: asValue(context, text),
    detail: [verdict, arn.account.value, uses > 0 || !role ? used : undefined, lastUsed].filter(Boolean).join(' · '),
    // The rest of thousands is told by its name.
    ...(about && (uses > 0 || like > 0 || admits !== undefined || role?.description) ? { documentation: about } : {}),
    rank: (admits === true ? 1000 : admits === false || isOthers ? 3000 : 2000) - Math.min(uses, 99) - Math.min(like, 8) * 100,
    ...(admits === true ? { preselect: true } : {}),
  };
}

/** What AWS tells of a role. */
function aboutRole({ description }: AwsRole, arn: RoleArn, aws: AwsIndex): string {
  return [
    `Role **${escape(arn.name.value)}** in account ${escape(arn.account.value)}`,
    ...(description ? [escape(description)] : []),
    aws.source.kind === 'live' ? 'In AWS' : `In the ${escape(aws.source.label)}`,
  ].join('\n\n');
}

/**
 * How a role's trust policy may speak of the account, by its words alone. `others`: it names other accounts, so that it
 * need not be read; most do. Undefined: it is not known, or concerns no token.
 */
function mayAdmit(role: AwsRole | undefined, { name }: Account): keyof typeof judged | 'others' | undefined {
  const policy = role?.trustPolicy;
  if (policy === undefined || name === undefined || !policy.includes('WebIdentity')) return undefined;
  if (policy.includes(`:${name}"`)) return 'named';
  return /[*?]/.test(policy) || policy.includes(name) || !/:sub"/i.test(policy) ? 'pattern' : 'others';
}

/** The trust policy of each role ARN that the files have one for. */
function policiesByRole(view: WorkspaceView, uri: string): Map<string, TrustPolicyFact> {
  const found = new Map<string, TrustPolicyFact>();
  const policies = [...view.wiring.policies()];
  for (const policy of policies) {
    const arn = literal(policy.roleArn);
    if (arn) found.set(arn, policy);
  }
  // By the policies, since of a long file's accounts few have one.
  for (const policy of policies) {
    for (const chain of view.wiring.chainsOf(policy)) {
      const arn = chain.request.value?.value;
      const [tie, rival] = chain.ties.filter(({ kind }) => kind !== 'aws');
      if (arn && tie && !rival && view.wiring.together(uri, chain.account.doc.uri)) found.set(arn, tie.policy);
    }
  }
  return found;
}

/** True or false where the role's trust policy says so for sure; undefined where it is not known or depends. */
function wouldAdmit(policy: TrustPolicyFact | undefined, account: Account, arn: RoleArn): boolean | undefined {
  if (!policy || !account.name) return undefined;
  const { decision } = judge(policy.policy, {
    mechanism: 'irsa',
    roleAccount: arn.account.value,
    rolePartition: arn.partition.value,
    namespace: account.namespace,
    serviceAccount: account.name,
  });
  return decision === 'unknown' ? undefined : decision === 'allowed';
}
