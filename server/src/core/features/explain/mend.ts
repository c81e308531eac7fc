import type { Finding } from '../../rules/rule';
import { encloses } from '../../text/span';
import type { Chain } from '../../wiring/chain';
import type { WorkspaceView } from '../workspaceView';
import type { ExplainMend } from './document';

/** What the rules would change so that a refused account is admitted: their fixes where they have some, else their words. */
export function mendings(view: WorkspaceView, chain: Chain): ExplainMend[] {
  const policy = chain.ties[0]?.policy;
  const inPolicy = policy ? errors(view, policy.doc.uri).filter(({ at }) => at.doc.index === policy.doc.index && encloses(policy.span, at.span)) : [];
  const inAccount = errors(view, chain.request.doc.uri).filter(({ at }) =>
    at.doc.index === chain.account.doc.index && encloses(chain.account.span, at.span));
  return [...inPolicy, ...inAccount].map((finding) => ({ text: advice(finding), place: finding.at }));
}

function errors(view: WorkspaceView, uri: string): Finding[] {
  return view.check(uri).filter((finding) => finding.level === 'error');
}

function advice(finding: Finding): string {
  const titles = finding.fixes.map((fix) => fix.title);
  if (titles.length > 0) return `${titles.slice(0, 2).join(', or: ')}.`;
  return finding.message;
}
