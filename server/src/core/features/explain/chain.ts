import { webhookRoleArnPattern } from '../../model/arn';
import type { ServiceAccountFact, WorkloadFact } from '../../model/facts';
import { defaultAudience } from '../../model/subject';
import { literal } from '../../text/texts';
import { chainVerdict } from '../../trust/chainVerdict';
import type { Chain, Tie } from '../../wiring/chain';
import type { WorkspaceView } from '../workspaceView';
import type { ExplainDocument, ExplainStep } from './document';
import { mendings } from './mend';
import { answerOf, outcomeOf, policySteps } from './verdict';

/** Explains the chain of an account that asks for a role. */
export function explainChain(view: WorkspaceView, chain: Chain): ExplainDocument {
  const verdict = view.verdict(chain);
  const tie = chain.ties[0];
  const role = chain.roleArn?.name.value ?? chain.request.value?.value ?? 'a role';
  const decision = verdict?.decision ?? 'unknown';
  const steps = [...workloadSteps(chain), accountStep(chain), ...webhookSteps(chain)];
  if (verdict && tie) steps.push(issuerStep(chain, decision), ...policySteps(verdict.trace, tie.policy.doc, tie.policy.policy));
  else steps.push({ level: 0, text: `The trust policy of ${role} is in none of the files that were read${view.wiring.aws ? ', and AWS\'s answer does not hold it' : ''}`, mark: null });
  return {
    title: `May ${accountName(chain)} become ${role}?`,
    answer: answerOf(decision),
    decision,
    steps,
    outcome: verdict ? outcomeOf(verdict) : [
      'Whether the role admits this account depends on its trust policy. Add it to the files, or name its file under roles: in pod-roles.yaml.',
    ],
    mend: decision === 'denied' ? mendings(view, chain) : [],
    assumptions: [...tieAssumptions(chain, role), ...(verdict?.assumptions ?? [])],
    reasons: verdict?.trace ?? [],
    ...(verdict?.error === undefined ? {} : { error: verdict.error }),
    ...(tie ? { policy: { doc: tie.policy.doc, span: tie.policy.policy.span } } : {}),
  };
}

/** Explains an account that asks for no role. */
export function explainAccount(view: WorkspaceView, account: ServiceAccountFact): ExplainDocument {
  const chain = view.wiring.chainOf(account);
  if (chain) return explainChain(view, chain);
  const namespace = view.wiring.namespaceOf(account);
  const name = literal(account.name) ?? account.name?.value ?? 'this account';
  const shown = namespace ? `${namespace}/${name}` : name;
  return {
    title: `Which role may ${shown} take?`,
    answer: 'No file tells.',
    decision: 'unknown',
    steps: [{
      level: 0, text: `ServiceAccount ${name} has no annotation eks.amazonaws.com/role-arn, so the webhook gives its pods no role`,
      place: { doc: account.doc, span: account.head }, mark: null,
    }],
    outcome: ['A role may still come to it by an EKS Pod Identity association, or by a token that the pod mounts itself.'],
    mend: [{ text: 'add the annotation eks.amazonaws.com/role-arn, if it should have a role.', place: { doc: account.doc, span: account.head } }],
    assumptions: [],
    reasons: [],
  };
}

/** `namespace/name` of a chain's account, as far as it is known. */
export function accountName(chain: Chain): string {
  const name = chain.name ?? chain.account.name?.value ?? 'this account';
  return chain.namespace === undefined ? name : `${chain.namespace}/${name}`;
}

/** More workloads than this are counted, not listed. */
const listed = 5;

function workloadSteps(chain: Chain): ExplainStep[] {
  const { workloads } = chain;
  if (workloads.length === 0) return [{ level: 0, text: `No workload of these files uses ServiceAccount ${chain.name ?? chain.account.name?.value ?? ''}`.trimEnd() }];
  const steps: ExplainStep[] = workloads.slice(0, listed).map((workload) => ({
    level: 0, text: useOf(workload), place: { doc: workload.doc, span: workload.serviceAccountName?.span ?? workload.head }, mark: true,
  }));
  if (workloads.length > listed) steps.push({ level: 1, text: `and ${workloads.length - listed} more` });
  return steps;
}

function useOf(workload: WorkloadFact): string {
  const name = workload.name?.value;
  const what = name === undefined ? workload.objectKind : `${workload.objectKind} ${name}`;
  const account = workload.serviceAccountName;
  return account ? `${what} uses ${workload.field ?? 'serviceAccountName'} ${account.value}` : `${what} names no account, so Kubernetes takes default`;
}

function accountStep(chain: Chain): ExplainStep {
  const value = chain.request.value;
  const written = literal(value);
  const mark = chain.roleArn === undefined ? false : written === undefined ? null : webhookRoleArnPattern.test(written);
  const name = chain.name ?? chain.account.name?.value;
  return {
    level: 0,
    text: `ServiceAccount${name === undefined ? '' : ` ${name}`} asks for ${value?.value ?? 'no readable role'}`,
    place: { doc: chain.request.doc, span: chain.request.valueSpan },
    mark,
  };
}

function webhookSteps(chain: Chain): ExplainStep[] {
  const audience = chain.account.audience?.value;
  const steps: ExplainStep[] = [{
    level: 0,
    text: `The webhook gives the pod AWS_ROLE_ARN and a token, audience ${audience?.value || defaultAudience}`,
    ...(audience ? { place: { doc: chain.account.doc, span: audience.span } } : {}),
    mark: true,
  }];
  for (const workload of chain.workloads.filter((each) => each.skipsWebhook).slice(0, listed)) {
    steps.push({
      level: 1, text: `not to ${workload.objectKind} ${workload.name?.value ?? ''}: its label keeps the webhook away`.replace(' :', ':'),
      place: { doc: workload.doc, span: workload.head }, mark: false,
    });
  }
  return steps;
}

function issuerStep(chain: Chain, decision: ExplainDocument['decision']): ExplainStep {
  if (chain.issuer !== undefined) {
    return { level: 0, text: `STS checks the token's issuer ${chain.issuer}`, note: '(pod-roles.yaml)', mark: true };
  }
  const providers = new Set<string>();
  for (const statement of chain.ties[0]!.policy.policy.statements) {
    for (const kind of statement.principal?.kinds ?? []) {
      if (kind.key.value !== 'Federated') continue;
      for (const { value } of kind.values) {
        const at = value.indexOf(':oidc-provider/');
        providers.add(at < 0 ? value : value.slice(at + ':oidc-provider/'.length));
      }
    }
  }
  const [only] = providers;
  return providers.size === 1 && only !== undefined
    ? { level: 0, text: `STS checks the token's issuer ${only}`, note: '(from trust)', mark: decision === 'unknown' ? null : true }
    : { level: 0, text: "STS checks the token's issuer, which no file names for this account", mark: null };
}

function tieAssumptions(chain: Chain, role: string): string[] {
  const [first, ...others] = chain.ties;
  if (!first) return [];
  const found: string[] = [];
  if (first.kind === 'aws') found.push(`The trust policy is that of the ${first.because === 'AWS' ? 'role in AWS' : first.because}.`);
  else if (first.kind !== 'document') found.push(`The trust policy is taken to be that of ${role}, ${first.because}.`);
  const rivals = others.filter(({ kind }) => kind !== 'aws').length;
  if (rivals > 0) found.push(`${rivals === 1 ? 'Another policy' : `${rivals} other policies`} may be the role's too; the first is shown.`);
  const real = others.find(({ kind }) => kind === 'aws');
  if (real) found.push(realRole(chain, real));
  return found;
}

/** What the role's own policy says, where the chain is explained by a file. */
function realRole(chain: Chain, tie: Tie): string {
  const decision = chainVerdict({ ...chain, ties: [tie] })?.decision;
  const same = decision === chainVerdict(chain)?.decision;
  const differs = ': the file is not applied, or the role was changed';
  const what = decision === 'allowed' ? `admits this account${same ? ' too' : differs}` : decision === 'denied' ? `does not admit this account${same ? ' either' : differs}` : 'may or may not admit this account';
  return `The role ${tie.because === 'AWS' ? 'in AWS' : `in the ${tie.because}`} ${what}.`;
}
