import type { ServiceAccountFact, TrustPolicyFact } from '../model/facts';
import type { Place } from '../syntax/sourceFile';
import { literal } from '../text/texts';
import { chainVerdict } from '../trust/chainVerdict';
import { grantVerdict } from '../trust/grantVerdict';
import type { Verdict } from '../trust/verdict';
import type { Chain } from '../wiring/chain';
import type { Grant } from '../wiring/grants';
import { grantedRole, grantsOfAccount } from './grantee';
import { permissionCounts } from './permissions/counts';
import type { WorkspaceView } from './workspaceView';

/** One line above an account or a trust policy: the verdict, and what a click shows. */
export interface Lens {
  readonly at: Place;
  readonly title: string;
  readonly action: 'explain' | 'references';
  /** For `references`: what to list. */
  readonly places: readonly Place[];
}

/** The lenses of one file, in its order. */
export function lensesOf(view: WorkspaceView, uri: string): Lens[] {
  const lenses: Lens[] = [];
  for (const fact of view.wiring.facts(uri)) {
    if (fact.kind === 'serviceAccount') {
      const lens = accountLens(view, fact);
      if (lens) lenses.push(lens);
    } else if (fact.kind === 'trustPolicy' && fact.concerns !== 'other') {
      const lens = policyLens(view, fact);
      if (lens) lenses.push(lens);
    }
  }
  return lenses;
}

function accountLens(view: WorkspaceView, account: ServiceAccountFact): Lens | undefined {
  const chains = view.wiring.chainsThrough(account).filter(({ roleArn }) => roleArn);
  const grant = grantsOfAccount(view, account).find(({ sure }) => sure);
  const parts = grant ? [grantLine(grant)] : chains.length > 1 ? overlayParts(view, chains) : chains.flatMap((chain) => chainParts(view, chain));
  if (parts.length === 0) return undefined;
  const count = view.wiring.workloadsOf(account).length;
  if (count > 0) parts.push(count === 1 ? '1 workload' : `${count} workloads`);
  const permissions = chains[0] && !grant && permissionCounts(view, chains[0]);
  if (permissions) parts.push(permissions.words);
  // Above the whole manifest: above its `kind` alone the line would cut it in two.
  const span = account.origin === 'manifest' ? { start: account.span.start, end: account.span.start } : account.head;
  return { at: { doc: account.doc, span }, title: parts.join(' · '), action: 'explain', places: [] };
}

function chainParts(view: WorkspaceView, chain: Chain): string[] {
  const verdict = view.verdict(chain);
  const [overlay] = chain.overlays ?? [];
  return [`${overlay ? `${overlay.name}: ` : ''}${verdictLine(chain, verdict)}`, ...realRoleLine(chain, verdict)];
}

/** More overlays than this are counted, not listed. */
const listedOverlays = 3;

/** An account of several overlays: what comes of it in each, the refused ones first. */
function overlayParts(view: WorkspaceView, chains: readonly Chain[]): string[] {
  const order = ['denied', 'unknown', 'allowed'];
  const rank = (chain: Chain): number => order.indexOf(view.verdict(chain)?.decision ?? 'unknown');
  const parts = [...chains].sort((a, b) => rank(a) - rank(b)).slice(0, listedOverlays).map((chain) => {
    const verdict = view.verdict(chain);
    const where = chain.overlays?.map(({ name }) => name).join(', ') ?? accountOfChain(chain);
    return `${{ allowed: '✓', denied: '✗', unknown: '?' }[verdict?.decision ?? 'unknown']} ${where}${verdict?.decision === 'denied' ? `: ${shortReason(verdict)}` : ''}`;
  });
  return chains.length > listedOverlays ? [...parts, `${chains.length - listedOverlays} more overlays`] : parts;
}

/** What an association gives, in a few words: `✓ demo-role by Pod Identity`. */
export function grantLine(grant: Grant): string {
  const verdict = grantVerdict(grant);
  const role = grantedRole(grant);
  if (verdict?.decision === 'denied') return `✗ ${role} by Pod Identity, which its trust policy refuses`;
  return `${verdict?.decision === 'allowed' ? '✓' : '?'} ${role} by Pod Identity${verdict ? '' : ': trust policy not known here'}`;
}

/** Where a file decides and the role in AWS says otherwise: a file is not applied, or the role was changed. */
function realRoleLine(chain: Chain, verdict: Verdict | undefined): string[] {
  const tie = chain.ties.slice(1).find(({ kind }) => kind === 'aws');
  const real = tie && chainVerdict({ ...chain, ties: [tie] })?.decision;
  if (!real || real === 'unknown' || real === verdict?.decision) return [];
  return [real === 'denied' ? '✗ not so in AWS' : '✓ admitted in AWS'];
}

/** The verdict in a few words: `✓ demo-role admits this account`. */
export function verdictLine(chain: Chain, verdict: Verdict | undefined): string {
  const role = chain.roleArn?.name.value ?? 'the role';
  if (!verdict) return `? ${role}: trust policy not known here`;
  switch (verdict.decision) {
    case 'allowed':
      return `✓ ${role} admits this account`;
    case 'denied':
      return `✗ ${role} refuses this account: ${shortReason(verdict)}`;
    case 'unknown':
      return `? ${role}: ${unknownReason(chain, verdict)}`;
  }
}

/** What failed, in two or three words. The last failed step is the one that decided. */
export function shortReason(verdict: Verdict): string {
  const failed = verdict.trace.filter((step) => step.matched === false);
  const sure = failed.find((step) => step.element === 'Document' || step.element === 'Request');
  if (sure) return sure.element === 'Document' ? 'IAM refuses the policy' : 'the token is not accepted';
  if (verdict.trace.some((s) => s.effect === 'Deny' && s.element === 'Statement' && s.matched === true)) return 'a Deny statement applies';
  const deepest = failed.find((s) => s.element === 'Condition') ?? failed.find((s) => s.element === 'Action') ?? failed.find((s) => s.element === 'Principal');
  switch (deepest?.element) {
    case 'Condition': {
      const claim = deepest.key?.slice(deepest.key.lastIndexOf(':') + 1).toLowerCase();
      if (claim === 'sub') return 'subject differs';
      if (claim === 'aud') return 'audience differs';
      return `condition on ${deepest.key ?? 'a key'} fails`;
    }
    case 'Action':
      return 'action differs';
    case 'Principal':
      return 'provider differs';
    default:
      return 'no statement allows it';
  }
}

function unknownReason(chain: Chain, verdict: Verdict): string {
  if (chain.name === undefined || chain.namespace === undefined) return 'name or namespace of the account not known here';
  const open = verdict.trace.find((step) => step.matched === null && step.element === 'Condition');
  if (open?.key) return `depends on ${open.key}`;
  return 'depends on what no file tells';
}

function policyLens(view: WorkspaceView, policy: TrustPolicyFact): Lens | undefined {
  const chains = view.wiring.chainsOf(policy);
  if (chains.length === 0) return undefined;
  const decisions = chains.map((chain) => view.verdict(chain)?.decision);
  const admitted = decisions.filter((d) => d === 'allowed').length;
  const refused = decisions.filter((d) => d === 'denied').length;
  const parts = [];
  if (admitted > 0) parts.push(`✓ admits ${names(chains, decisions, 'allowed')}`);
  if (refused > 0) parts.push(`✗ refuses ${names(chains, decisions, 'denied')}`);
  const rest = chains.length - admitted - refused;
  if (rest > 0) parts.push(`? ${rest === 1 ? '1 account' : `${rest} accounts`} not decided`);
  return {
    at: { doc: policy.doc, span: { start: policy.policy.span.start, end: policy.policy.span.start } },
    title: parts.join(' · '),
    action: 'references',
    places: chains.map((chain) => ({ doc: chain.request.doc, span: chain.request.valueSpan })),
  };
}

function accountOfChain(chain: Chain): string {
  const name = chain.name ?? literal(chain.account.name) ?? 'an account';
  return chain.namespace ? `${chain.namespace}/${name}` : name;
}

function names(chains: readonly Chain[], decisions: readonly (string | undefined)[], wanted: string): string {
  const list = chains.filter((_, i) => decisions[i] === wanted).map(accountOfChain);
  const shown = [...new Set(list)].slice(0, 2);
  const more = new Set(list).size - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(' and ');
}
