import { webhookRoleArnPattern } from '../../model/arn';
import type { ServiceAccountFact } from '../../model/facts';
import { defaultAudience } from '../../model/subject';
import { literal } from '../../text/texts';
import { audienceOf, chainVerdict } from '../../trust/chainVerdict';
import type { Chain, Tie } from '../../wiring/chain';
import type { Grant } from '../../wiring/grants';
import { overlayWords } from '../../wiring/overlayWords';
import type { WorkspaceView } from '../workspaceView';
import type { ExplainDocument, ExplainStep } from './document';
import { explainGrant, mayWin } from './grant';
import { granteeOf, grantsOfAccount } from '../grantee';
import { mendings } from './mend';
import { listed, tieAssumptions, workloadSteps } from './steps';
import { answerOf, outcomeOf, policySteps } from './verdict';

/**
 * Explains the chain of an account that asks for a role. Where an association surely gives the account a role, that one is
 * explained: at admission it goes before the annotation.
 */
export function explainChain(view: WorkspaceView, chain: Chain): ExplainDocument {
  const grants = view.wiring.grantsOf(granteeOf(chain));
  const winner = grants.find(({ sure }) => sure);
  return winner ? explainGrant(view, winner, chain) : explainWebIdentity(view, chain, grants);
}

function explainWebIdentity(view: WorkspaceView, chain: Chain, grants: readonly Grant[]): ExplainDocument {
  const verdict = view.verdict(chain);
  const tie = chain.ties[0];
  const role = chain.roleArn?.name.value ?? chain.request.value?.value ?? 'a role';
  const decision = verdict?.decision ?? 'unknown';
  const steps = [...workloadSteps(chain), accountStep(chain), ...overlaySteps(chain), ...webhookSteps(chain)];
  if (verdict && tie) steps.push(issuerStep(chain, decision), ...policySteps(verdict.trace, tie.policy.doc, tie.policy.policy));
  else steps.push({ level: 0, text: `The trust policy of ${role} is in none of the files that were read${view.wiring.aws ? ', and AWS\'s answer does not hold it' : ''}`, mark: null });
  return {
    title: `May ${accountName(chain)} become ${role}?`,
    answer: answerOf(decision),
    decision,
    mechanism: 'irsa',
    ...(chain.request.value ? { role: chain.request.value.value } : {}),
    ...overlayNames(chain),
    steps,
    outcome: [...(verdict ? outcomeOf(verdict) : [
      'Whether the role admits this account depends on its trust policy. Add it to the files, or name its file under roles: in pod-roles.yaml.',
    ]), ...otherOverlays(view, chain)],
    mend: decision === 'denied' ? mendings(view, chain) : [],
    assumptions: [...tieAssumptions(chain.ties, role), ...realRoleAssumption(chain), ...grants.map(mayWin), ...(verdict?.assumptions ?? [])],
    reasons: verdict?.trace ?? [],
    ...(verdict?.error === undefined ? {} : { error: verdict.error }),
    ...(tie ? { policy: { doc: tie.policy.doc, span: tie.policy.policy.span } } : {}),
  };
}

/** Explains an account that asks for no role. */
export function explainAccount(view: WorkspaceView, account: ServiceAccountFact): ExplainDocument {
  const chain = chainToShow(view, account);
  if (chain) return explainChain(view, chain);
  const grants = grantsOfAccount(view, account);
  const winner = grants.find(({ sure }) => sure) ?? grants[0];
  if (winner) return explainGrant(view, winner, { account, workloads: view.wiring.workloadsOf(account) });
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

/** Of the chains that an account has a part in, the one that most needs explaining: a refused one, then one not decided. */
export function chainToShow(view: WorkspaceView, account: ServiceAccountFact): Chain | undefined {
  const order = ['denied', 'unknown', 'allowed'];
  const rank = (chain: Chain): number => order.indexOf(view.verdict(chain)?.decision ?? 'unknown');
  return [...view.wiring.chainsThrough(account)].sort((a, b) => rank(a) - rank(b))[0] ?? view.wiring.chainOf(account);
}

/** `namespace/name` of a chain's account, as far as it is known. */
export function accountName(chain: Chain): string {
  const name = chain.name ?? chain.account.name?.value ?? 'this account';
  return chain.namespace === undefined ? name : `${chain.namespace}/${name}`;
}

/** What kustomizations make of the account. */
function overlaySteps(chain: Chain): ExplainStep[] {
  const [first] = chain.overlays ?? [];
  if (!first) return [];
  const { name = chain.account.name?.value ?? 'a name not known here', namespace } = chain;
  return [{
    level: 0, text: `${overlayWords(chain.overlays!).replace(/^overlay/, 'Kustomize overlay')} makes it ${namespace === undefined ? `${name}, in a namespace not known here` : `${namespace}/${name}`}`,
    place: { doc: first.doc, span: { start: first.span.start, end: first.span.start } }, mark: namespace === undefined || chain.name === undefined ? null : true,
  }];
}

function overlayNames({ overlays }: Pick<Chain, 'overlays'>): Pick<ExplainDocument, 'overlays'> {
  return overlays ? { overlays: overlays.map(({ name }) => name) } : {};
}

/** What comes of the same account in other overlays, a line each. */
function otherOverlays(view: WorkspaceView, chain: Chain): string[] {
  const others = view.wiring.chainsThrough(chain.account).filter((each) => each !== chain && each.overlays);
  const lines = others.slice(0, listed).map((each) => `In ${overlayWords(each.overlays!)} the account is ${accountName(each)}: ${answerOf(view.verdict(each)?.decision ?? 'unknown')}`);
  return others.length > listed ? [...lines, `and ${others.length - listed} more overlays.`] : lines;
}

function accountStep(chain: Chain): ExplainStep {
  const value = chain.request.value;
  const written = literal(value);
  const mark = chain.roleArn === undefined ? false : written === undefined ? null : webhookRoleArnPattern.test(written);
  const name = (chain.overlays ? undefined : chain.name) ?? chain.account.name?.value ?? chain.name;
  return {
    level: 0,
    text: `ServiceAccount${name === undefined ? '' : ` ${name}`} asks for ${value?.value ?? 'no readable role'}`,
    place: { doc: chain.request.doc, span: chain.request.valueSpan },
    mark,
  };
}

function webhookSteps(chain: Chain): ExplainStep[] {
  const audience = audienceOf(chain)?.value;
  const steps: ExplainStep[] = [{
    level: 0,
    text: `The webhook gives the pod AWS_ROLE_ARN and a token, audience ${audience?.value || defaultAudience}`,
    ...(audience ? { place: { doc: audienceOf(chain)!.doc, span: audience.span } } : {}),
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

function realRoleAssumption(chain: Chain): string[] {
  const real = chain.ties.slice(1).find(({ kind }) => kind === 'aws');
  return real ? [realRole(chain, real)] : [];
}

/** What the role's own policy says, where the chain is explained by a file. */
function realRole(chain: Chain, tie: Tie): string {
  const decision = chainVerdict({ ...chain, ties: [tie] })?.decision;
  const same = decision === chainVerdict(chain)?.decision;
  const differs = ': the file is not applied, or the role was changed';
  const what = decision === 'allowed' ? `admits this account${same ? ' too' : differs}` : decision === 'denied' ? `does not admit this account${same ? ' either' : differs}` : 'may or may not admit this account';
  return `The role ${tie.because === 'AWS' ? 'in AWS' : `in the ${tie.because}`} ${what}.`;
}
