import { parseRoleArn } from '../../model/arn';
import { literal } from '../../text/texts';
import type { Verdict } from '../../trust/verdict';
import type { Chain } from '../../wiring/chain';
import { code, escape, placeLabel, placeLink } from '../markdown';
import type { Target } from '../target';
import type { WorkspaceView } from '../workspaceView';

/** The role that an annotation asks for, and whether it admits the account, with the reason. */
export function roleHover(view: WorkspaceView, target: Target): string | undefined {
  if (target.kind !== 'annotation-value' || !target.fact.value || target.fact.key.value !== 'eks.amazonaws.com/role-arn') return undefined;
  const arn = parseRoleArn(target.fact.value);
  if (!arn) return undefined;
  const facts = [`account ${code(arn.account.value)}`];
  if (arn.path.value !== '/') facts.push(`path ${code(arn.path.value)}`);
  const lines = [`**${escape(arn.name.value)}** · ${facts.join(' · ')}`];
  const chain = target.account && view.wiring.chainOf(target.account);
  if (chain && target.account?.roleArn?.key.span.start === target.fact.key.span.start) lines.push(...verdictLines(view, chain));
  return lines.join('\n\n');
}

/** What STS would answer and why, with links. */
function verdictLines(view: WorkspaceView, chain: Chain): string[] {
  const who = subjectName(chain);
  const verdict = view.verdict(chain);
  if (!verdict) {
    return [
      '**?** The trust policy of this role is not known here, so nothing can be said of who it admits.',
      'A trust policy is tied to a role by `pod-roles.yaml`, by the role\'s name or ARN in the same document, or by a file or folder named like the role.',
    ];
  }
  const tie = chain.ties[0];
  const from = tie ? ` (${policyLink(view, chain)}${tie.kind === 'document' ? '' : `, taken to be this role's ${escape(tie.because)}`})` : '';
  switch (verdict.decision) {
    case 'allowed':
      return [`**✓** admits ${who}${from}`, ...assumptions(verdict)];
    case 'denied':
      return [`**✗** refuses ${who}${from}`, ...reasons(verdict), ...(verdict.error ? [`Pods would see ${code(verdict.error)}`] : [])];
    case 'unknown':
      return [`**?** may or may not admit ${who}${from}`, ...reasons(verdict), ...assumptions(verdict)];
  }
}

function subjectName(chain: Chain): string {
  const name = chain.name ?? literal(chain.account.name) ?? 'this account';
  return code(chain.namespace ? `${chain.namespace}/${name}` : name);
}

function policyLink(view: WorkspaceView, chain: Chain): string {
  const policy = chain.ties[0]!.policy;
  const position = view.position(policy.doc, policy.policy.span.start);
  const line = position?.line ?? 0;
  return placeLink(placeLabel(policy.doc.uri, line), policy.doc.uri, line);
}

/** The steps that decided: those that failed, or those that no file tells. */
function reasons(verdict: Verdict): string[] {
  const wanted = verdict.decision === 'denied' ? false : null;
  const steps = verdict.trace.filter((step) => step.matched === wanted && step.element !== 'Statement');
  return steps.length === 0 ? [] : [steps.slice(0, 4).map((step) => `- ${escape(step.message)}`).join('\n')];
}

function assumptions(verdict: Verdict): string[] {
  return verdict.assumptions.length === 0 ? [] : [`Assumed: ${verdict.assumptions.map(escape).join(' ')}`];
}
