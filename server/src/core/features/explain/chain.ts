import { webhookRoleArnPattern } from '../../model/arn';
import { shownText } from '../../text/shown';
import { cannotUse, workloadWords } from '../../trust/platforms';
import { shownRole, shownRoleName } from '../../trust/roleText';
import { accessesOf } from '../accesses';
import type { ServiceAccountFact } from '../../model/facts';
import { clusterIssuer } from '../../model/issuer';
import { defaultAudience } from '../../model/subject';
import { literal } from '../../text/texts';
import { audienceOf, chainVerdict } from '../../trust/chainVerdict';
import type { Chain, Tie } from '../../wiring/chain';
import { passesByWebhook } from '../../wiring/chains';
import { overlayWords } from '../../wiring/overlayWords';
import type { WorkspaceView } from '../workspaceView';
import type { ExplainDocument, ExplainLine, ExplainStep } from './document';
import { explainGrant, mayWin } from './grant';
import { fixesFor } from './fixes';
import { mechanismsOf } from './mechanisms';
import { missingPolicyStep } from './missingPolicy';
import { accountNode, roleNode, workloadNodes } from './nodes';
import { referenceSteps } from './reference';
import { listed, tieAssumptions, workloadSteps } from './steps';
import { answerOf, outcomeOfAccess, policySteps } from './verdict';

/**
 * Explains the chain of a service account with a role. Where an association surely gives the account a role, that one is
 * explained: at admission it overrides the annotation.
 */
export function explainChain(view: WorkspaceView, chain: Chain): ExplainDocument {
  return chain.overriddenBy ? explainGrant(view, chain.overriddenBy, chain) : explainWebIdentity(view, chain);
}

function explainWebIdentity(view: WorkspaceView, chain: Chain): ExplainDocument {
  const access = view.access(chain);
  const { decision, verdict, fault, reason } = access;
  const tie = chain.ties[0];
  const role = chain.request.value ? shownRoleName(chain.request.value) : 'a role';
  const steps = [
    ...workloadSteps(chain),
    accountStep(chain),
    ...referenceSteps(chain.request.value, chain.reference),
    ...overlaySteps(chain),
    ...webhookSteps(chain),
  ];
  if (verdict && tie) steps.push(issuerStep(chain, verdict.decision), ...policySteps(verdict, tie.policy.doc, tie.policy.policy));
  else
    steps.push(
      missingPolicyStep(view, {
        role,
        value: chain.request.value,
        arn: chain.roleArn,
        made: chain.role,
        reference: chain.reference,
        at: chain.account,
      }),
    );
  if (fault && reason !== undefined && fault !== 'no-policy')
    steps.push({ level: 0, text: sentence(reason), mark: decision === 'denied' ? false : null });
  return {
    title: `Can ${accountName(chain)} assume ${role}?`,
    answer: answerOf(decision),
    decision,
    mechanism: 'irsa',
    ...mechanismsOf(access, chain),
    ...(chain.request.value ? { role: shownRole(chain.request.value) } : {}),
    ...overlayNames(chain),
    chain: [...workloadNodes(chain), accountNode(chain.account, accountName(chain)), roleNode(role, chain.ties, chain.role)],
    steps,
    outcome: [...outcomeOfAccess(access), ...otherOverlays(view, chain)],
    fixes: decision === 'denied' ? fixesFor(view, chain, access) : [],
    assumptions: [
      ...tieAssumptions(chain.ties, role),
      ...realRoleAssumption(chain),
      ...(chain.perhapsOverriddenBy ?? []).map(mayWin),
      ...(verdict?.assumptions ?? []),
    ],
    reasons: verdict?.trace ?? [],
    ...(verdict?.error === undefined || decision !== 'denied' ? {} : { error: verdict.error }),
    ...(tie ? { policy: { doc: tie.policy.doc, span: tie.policy.policy.span } } : {}),
  };
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Explains a service account without an annotation for a role. */
export function explainAccount(view: WorkspaceView, account: ServiceAccountFact): ExplainDocument {
  const chain = chainToShow(view, account);
  if (chain) return explainChain(view, chain);
  const [urgent] = accessesOf(view, account);
  if (urgent?.access.grant) return explainGrant(view, urgent.access.grant, { account, workloads: view.wiring.workloadsOf(account) });
  const namespace = view.wiring.namespaceOf(account);
  const name = account.name ? shownText(account.name) : 'this account';
  const shown = namespace ? `${namespace}/${name}` : name;
  return {
    title: `Which role can ${shown} assume?`,
    answer: 'Unknown.',
    decision: 'unknown',
    chain: [...workloadNodes({ workloads: view.wiring.workloadsOf(account) }), accountNode(account, shown)],
    steps: [
      {
        level: 0,
        text: `ServiceAccount ${name} has no annotation eks.amazonaws.com/role-arn, so the webhook gives its pods no role`,
        place: { doc: account.doc, span: account.head },
        mark: null,
      },
    ],
    outcome: [{ text: 'An EKS Pod Identity association, or a token that the pod mounts itself, may still give it a role.' }],
    fixes: [
      {
        text: 'Add the annotation eks.amazonaws.com/role-arn if it should have a role.',
        place: { doc: account.doc, span: account.head },
        titles: [],
      },
    ],
    assumptions: [],
    reasons: [],
  };
}

/** Of the chains that an account has a part in, the one that most needs explaining: a refused one, then one not decided. */
export function chainToShow(view: WorkspaceView, account: ServiceAccountFact): Chain | undefined {
  return accessesOf(view, account)[0]?.chain ?? view.wiring.chainsThrough(account)[0] ?? view.wiring.chainOf(account);
}

/** `namespace/name` of a chain's account, as far as it is known. */
export function accountName(chain: Chain): string {
  const name = chain.name ?? (chain.account.name ? shownText(chain.account.name) : 'this account');
  return chain.namespace === undefined ? name : `${chain.namespace}/${name}`;
}

/** What kustomizations make of the account. */
function overlaySteps(chain: Chain): ExplainStep[] {
  const [first] = chain.overlays ?? [];
  if (!first) return [];
  const { name = chain.account.name?.value ?? 'unknown name', namespace } = chain;
  return [
    {
      level: 0,
      text: `${overlayWords(chain.overlays!).replace(/^overlay/, 'Kustomize overlay')} makes it ${namespace === undefined ? `${name}, in an unknown namespace` : `${namespace}/${name}`}`,
      place: { doc: first.doc, span: { start: first.span.start, end: first.span.start } },
      mark: namespace === undefined || chain.name === undefined ? null : true,
    },
  ];
}

function overlayNames({ overlays }: Pick<Chain, 'overlays'>): Pick<ExplainDocument, 'overlays'> {
  return overlays ? { overlays: overlays.map(({ name }) => name) } : {};
}

/** What comes of the same account in other overlays, a line each. */
function otherOverlays(view: WorkspaceView, chain: Chain): ExplainLine[] {
  const others = view.wiring.chainsThrough(chain.account).filter((each) => each !== chain && each.overlays);
  const lines = others.slice(0, listed).map((each) => ({
    text: `In ${overlayWords(each.overlays!)} the service account is ${accountName(each)}: ${answerOf(view.access(each).decision)}`,
  }));
  return others.length > listed ? [...lines, { text: `And ${others.length - listed} more overlays.` }] : lines;
}

function accountStep(chain: Chain): ExplainStep {
  const value = chain.request.value;
  const written = literal(value);
  const mark = chain.reference
    ? value?.refers?.attribute === 'arn'
    : chain.roleArn === undefined
      ? value && value.holes.length > 0
        ? null
        : false
      : written === undefined
        ? null
        : webhookRoleArnPattern.test(written);
  const name = (chain.overlays ? undefined : chain.name) ?? chain.account.name?.value ?? chain.name;
  // What an operator requests stands on its own object.
  const { requestedBy } = chain.account;
  const who = requestedBy
    ? `${requestedBy.kind}${requestedBy.name ? ` ${shownText(requestedBy.name)}` : ''}`
    : `ServiceAccount${name === undefined ? '' : ` ${name}`}`;
  return {
    level: 0,
    text: `${who} uses ${value ? shownRole(value) : 'no readable role'}`,
    place: { doc: chain.request.doc, span: chain.request.valueSpan },
    mark,
  };
}

function webhookSteps(chain: Chain): ExplainStep[] {
  const audience = audienceOf(chain)?.value;
  const { requestedBy } = chain.account;
  if (requestedBy) {
    const what = requestedBy.name ? `${requestedBy.kind} ${shownText(requestedBy.name)}` : requestedBy.kind;
    return [
      {
        level: 0,
        text: `${what} assumes the role with a token of the service account, audience ${audience ? shownText(audience) : defaultAudience}`,
        place: { doc: chain.account.doc, span: chain.account.head },
        mark: true,
      },
    ];
  }
  const operators = chain.workloads.filter(passesByWebhook);
  const requests = operators.slice(0, listed).map((workload): ExplainStep => ({
    level: 0,
    text: `${workloadWords(workload)} requests the role with a token of the service account, audience ${audience?.value || defaultAudience}`,
    place: { doc: workload.doc, span: workload.head },
    mark: true,
  }));
  if (operators.length > 0 && operators.length === chain.workloads.length) return [...requests, ...passedBySteps(chain)];
  const steps: ExplainStep[] = [
    ...requests,
    {
      level: 0,
      text: `The webhook gives the pod AWS_ROLE_ARN and a token, audience ${audience?.value || defaultAudience}`,
      ...(audience ? { place: { doc: audienceOf(chain)!.doc, span: audience.span } } : {}),
      mark: true,
    },
  ];
  for (const workload of chain.workloads.filter((each) => each.skipsWebhook).slice(0, listed)) {
    steps.push({
      level: 1,
      text: `not to ${workload.objectKind} ${workload.name?.value ?? ''}: its label keeps the webhook away`.replace(' :', ':'),
      place: { doc: workload.doc, span: workload.head },
      mark: false,
    });
  }
  return steps;
}

/** Associations that give the operators of a chain nothing. */
function passedBySteps({ passedBy = [] }: Chain): ExplainStep[] {
  return passedBy.slice(0, listed).map(({ association, source }) => ({
    level: 1,
    text: `not by the Pod Identity association: ${cannotUse}`,
    ...(association ? { place: { doc: association.doc, span: association.head } } : { note: `(${source})` }),
  }));
}

function issuerStep(chain: Chain, decision: ExplainDocument['decision']): ExplainStep {
  if (chain.issuer !== undefined) {
    return { level: 0, text: `STS checks the token's issuer ${chain.issuer}`, note: '(pod-roles.yaml)', mark: true };
  }
  const providers = new Set<string>();
  for (const statement of chain.ties[0]!.policy.policy.statements) {
    for (const kind of statement.principal?.kinds ?? []) {
      if (kind.key.value !== 'Federated') continue;
      for (const { value } of kind.values.map((each) => ({ value: shownText(each) }))) {
        const at = value.indexOf(':oidc-provider/');
        providers.add(at < 0 ? value : value.slice(at + ':oidc-provider/'.length));
      }
    }
  }
  const [only] = providers;
  if (providers.size !== 1 || only === undefined)
    return { level: 0, text: "STS checks the token's issuer, which no file names for this account", mark: null };
  const mark = decision === 'unknown' ? null : true;
  if (only === clusterIssuer) return { level: 0, text: "STS checks the token's issuer, that of the cluster", mark };
  // An expression of a program is no name.
  const shown = /^[\w./:-]+$/.test(only) ? ` ${only}` : '';
  return { level: 0, text: `STS checks the token's issuer${shown}`, note: '(from trust)', mark };
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
  const what =
    decision === 'allowed'
      ? `allows this service account${same ? ' too' : differs}`
      : decision === 'denied'
        ? `doesn't allow this service account${same ? ' either' : differs}`
        : 'may or may not allow this service account';
  return `The role ${tie.because === 'AWS' ? 'in AWS' : `in the ${tie.because}`} ${what}.`;
}
