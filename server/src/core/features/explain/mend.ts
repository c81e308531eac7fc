import type { Finding } from '../../rules/rule';
import { encloses } from '../../text/span';
import type { Chain } from '../../wiring/chain';
import { overlayWords } from '../../wiring/overlayWords';
import type { WorkspaceView } from '../workspaceView';
import type { ExplainMend } from './document';

/** What the rules would change so that a refused account is admitted: their fixes where they have some, else their words. */
export function mendings(view: WorkspaceView, chain: Chain): ExplainMend[] {
  const policy = chain.ties[0]?.policy;
  const inPolicy = policy ? errors(view, policy.doc.uri).filter(({ at }) => at.doc.index === policy.doc.index && encloses(policy.span, at.span)) : [];
  const inAccount = errors(view, chain.request.doc.uri).filter(({ at }) =>
    at.doc.index === chain.account.doc.index && encloses(chain.account.span, at.span)).filter((finding) => isOfOverlay(finding, chain));
  return [...inPolicy, ...inAccount].map((finding) => ({ text: advice(finding), place: finding.at }));
}

/** False for what is said of the account in other overlays. */
function isOfOverlay({ message }: Finding, { overlays }: Chain): boolean {
  return !overlays || !/^In overlays? /.test(message) || message.startsWith(`In ${overlayWords(overlays)} `);
}

function errors(view: WorkspaceView, uri: string): Finding[] {
  return view.check(uri).filter((finding) => finding.level === 'error');
}

function advice(finding: Finding): string {
  const titles = finding.fixes.map((fix) => fix.title);
  if (titles.length > 0) return `${titles.slice(0, 2).join(', or: ')}.`;
  return finding.message;
}
