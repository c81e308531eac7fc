import type { ServiceAccountFact, TrustPolicyFact } from '../model/facts';
import type { Place } from '../syntax/sourceFile';
import { chainVerdict } from '../trust/chainVerdict';
import type { Decision } from '../trust/verdict';
import type { Chain } from '../wiring/chain';
import { accessesOf, accessesTo, accessLine, accountOf, marks, overriddenElsewhere, type AccountAccess } from './accesses';
import { isMoving, mechanismNote } from './mechanisms';
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
  const accesses = accessesOf(view, account);
  const [only] = accesses;
  if (!only) return undefined;
  const parts = accesses.length > 1 ? overlayParts(accesses) : onePart(only);
  const count = view.wiring.workloadsOf(account).length;
  if (count > 0) parts.push(count === 1 ? '1 workload' : `${count} workloads`);
  const permissions = only.chain && !only.access.grant && permissionCounts(view, only.chain);
  if (permissions) parts.push(permissions.words);
  // Above the whole manifest: above its `kind` alone the line would cut it in two.
  const span = account.origin === 'manifest' ? { start: account.span.start, end: account.span.start } : account.head;
  return { at: { doc: account.doc, span }, title: parts.join(' · '), action: 'explain', places: [] };
}

function onePart({ chain, access }: AccountAccess): string[] {
  const [overlay] = chain?.overlays ?? [];
  const line = accessLine(access);
  return [
    overlay ? `${line.slice(0, 2)}${overlay.name}: ${lowerFirst(line.slice(2))}` : line,
    ...(chain ? realRolePart(chain, access.decision) : []),
  ];
}

/** `Can assume …` in the middle of a line. */
function lowerFirst(text: string): string {
  return text.startsWith('Can') ? `c${text.slice(1)}` : text;
}

/** More overlays, or associations, than this are counted, not listed. */
const listed = 3;

/** An account of several overlays or clusters: what comes of it in each, what fails first. */
function overlayParts(accesses: readonly AccountAccess[]): string[] {
  const parts = accesses.slice(0, listed).map((each) => {
    const { access, chain } = each;
    const where = chain?.overlays?.map(({ name }) => name).join(', ') ?? access.grant?.cluster.name ?? accountOf(each);
    return `${marks[access.decision]} ${where}${access.reason === undefined ? '' : `: ${access.reason}`}${isMoving(access) ? ' (moving)' : ''}`;
  });
  const more = accesses.length - listed;
  return more > 0 ? [...parts, `${more} more ${accesses[0]!.chain ? 'overlays' : 'associations'}`] : parts;
}

/** Where a file decides and the role in AWS says otherwise: a file is not applied, or the role was changed. */
function realRolePart(chain: Chain, decision: Decision): string[] {
  const tie = chain.overriddenBy ? undefined : chain.ties.slice(1).find(({ kind }) => kind === 'aws');
  const real = tie && chainVerdict({ ...chain, ties: [tie] })?.decision;
  if (!real || real === 'unknown' || real === decision) return [];
  return [real === 'denied' ? "the role in AWS doesn't allow it yet" : 'the role in AWS allows it'];
}

function policyLens(view: WorkspaceView, policy: TrustPolicyFact): Lens | undefined {
  const accesses = accessesTo(view, policy);
  const elsewhere = overriddenElsewhere(view, policy);
  if (accesses.length === 0 && elsewhere.length === 0) return undefined;
  const of = (decision: Decision) => accesses.filter(({ access }) => access.decision === decision);
  const parts = [];
  if (of('denied').length > 0) parts.push(...deniedParts(of('denied')));
  if (of('allowed').length > 0) parts.push(`✓ Allows ${names(of('allowed'))}${movingPart(of('allowed'))}`);
  if (of('unknown').length > 0)
    parts.push(`? ${names(of('unknown'))}${of('unknown').length === 1 ? `: ${of('unknown')[0]!.access.reason ?? 'unknown'}` : ''}`);
  if (elsewhere.length > 0) parts.push(`overridden by EKS Pod Identity for ${names(elsewhere)}`);
  return {
    at: { doc: policy.doc, span: { start: policy.policy.span.start, end: policy.policy.span.start } },
    title: parts.join(' · '),
    action: 'references',
    places: [...accesses, ...elsewhere].flatMap(({ chain, access: { grant } }): Place[] => [
      ...(chain ? [{ doc: chain.request.doc, span: chain.request.valueSpan }] : []),
      ...(grant?.association ? [{ doc: grant.association.doc, span: grant.association.head }] : []),
    ]),
  };
}

/** That accounts of a trust policy are between the two steps of a move, or may begin it. */
function movingPart(allowed: readonly AccountAccess[]): string {
  const [first, second] = allowed;
  if (first && !second) return mechanismNote(first.access);
  const moving = allowed.filter(({ access }) => isMoving(access));
  if (moving.length === 0) return '';
  return moving.length === allowed.length ? ' (moving to EKS Pod Identity)' : ` (moving to EKS Pod Identity: ${names(moving)})`;
}

/** Accounts that the policy refuses; and those that it would allow, where the role itself is not there. */
function deniedParts(denied: readonly AccountAccess[]): string[] {
  const [byPolicy, otherwise] = [
    denied.filter(({ access }) => access.verdict?.decision === 'denied'),
    denied.filter(({ access }) => access.verdict?.decision !== 'denied'),
  ];
  return [
    ...(byPolicy.length > 0 ? [`✗ Doesn't allow ${names(byPolicy)}`] : []),
    ...(otherwise.length > 0 ? [`✗ ${names(otherwise)}: ${otherwise[0]!.access.reason ?? "can't assume the role"}`] : []),
  ];
}

function names(accesses: readonly AccountAccess[]): string {
  const list = [...new Set(accesses.map(accountOf))];
  const shown = list.slice(0, 2);
  const more = list.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(' and ');
}
