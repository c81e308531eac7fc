import type { ServiceAccountFact } from '../../model/facts';
import type { Finding } from '../../rules/rule';
import { encloses } from '../../text/span';
import type { Access } from '../../trust/access';
import type { Chain } from '../../wiring/chain';
import { overlayWords } from '../../wiring/overlayWords';
import type { WorkspaceView } from '../workspaceView';
import type { ExplainFix } from './document';

/** The findings of so many workloads are told. */
const mostWorkloads = 5;

/**
 * What the rules would change so that a refused account is allowed: their fixes where they have some, else their words. Where
 * none is reported here, the rule that would say it, and that it is off or suppressed.
 */
export function fixesFor(
  view: WorkspaceView,
  chain: Chain | undefined,
  access: Access,
  account: ServiceAccountFact | undefined = chain?.account,
): ExplainFix[] {
  const { grant, tie } = access;
  const causes = view.causes(access, chain, account);
  const policy = tie && tie.kind !== 'aws' ? tie.policy : undefined;
  const found: Finding[] = [];
  if (policy)
    found.push(
      ...reported(view, policy.doc.uri, causes).filter(({ at }) => at.doc.index === policy.doc.index && encloses(policy.span, at.span)),
    );
  const { association } = grant ?? {};
  if (association)
    found.push(
      ...reported(view, association.doc.uri, causes).filter(
        ({ at }) => at.doc.index === association.doc.index && encloses(association.span, at.span),
      ),
    );
  // What is wrong with where the pods run is reported on their workloads.
  for (const { doc, span } of access.fault === 'platform' || access.fault === 'operator'
    ? (chain?.workloads ?? grant?.workloads ?? []).slice(0, mostWorkloads)
    : [])
    found.push(...reported(view, doc.uri, causes).filter(({ at }) => at.doc.index === doc.index && encloses(span, at.span)));
  if (chain && !chain.overriddenBy) {
    found.push(
      ...reported(view, chain.request.doc.uri, causes)
        .filter(({ at }) => at.doc.index === chain.account.doc.index && encloses(chain.account.span, at.span))
        .filter((finding) => isOfOverlay(finding, chain)),
    );
  }
  // A policy that a file writes within its association is in both.
  const fixes = [...new Set(found)].map(fixOf);
  if (causes.length === 0 || found.some(({ rule }) => causes.includes(rule))) return fixes;
  const here = account && !association ? view.check(account.doc.uri).filter(({ rule }) => causes.includes(rule)) : [];
  // What is said of other accounts of the file is theirs.
  const own = here.filter(({ at }) => at.doc.index === account!.doc.index && encloses(account!.span, at.span));
  const told = own.length > 0 ? own : here;
  return told.length > 0
    ? [...fixes, ...told.map(fixOf)]
    : [...fixes, { text: `See the rule ${causes[0]!}, which is off or suppressed here.`, titles: [] }];
}

/** False for what is said of the account in other overlays. */
function isOfOverlay(finding: Finding, { overlays }: Chain): boolean {
  return !overlays || !finding.overlays || overlayWords(finding.overlays) === overlayWords(overlays);
}

/** Findings of a file that are errors, or of the rules that name the cause; each mistake on one of its sides. */
function reported(view: WorkspaceView, uri: string, causes: readonly string[]): Finding[] {
  return view.check(uri).filter(({ level, rule, otherSideOf }) => !otherSideOf && (level === 'error' || causes.includes(rule)));
}

function fixOf({ fixes, message, at, rule }: Finding): ExplainFix {
  const titles = fixes.map(({ title }) => title);
  const [first, second] = titles;
  const text = first === undefined ? adviceOf(message) : second === undefined ? `${first}.` : `${first}, or: ${second}.`;
  return { text, place: at, rule, titles };
}

/** What a finding says to change: the last of its three lines. What is wrong, the steps show. */
function adviceOf(message: string): string {
  const told = message.split('\n');
  return told.length >= 3 ? told.slice(2).join(' ') : told.join(' ');
}
