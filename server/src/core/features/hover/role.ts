import { parseRoleArn } from '../../model/arn';
import { parseAwsUri } from '../../model/awsUri';
import type { RolePolicyFact } from '../../model/facts';
import { literal } from '../../text/texts';
import { shownText } from '../../text/shown';
import { accessByGrant, policiesOf, type Access } from '../../trust/access';
import { candidateNames } from '../../trust/candidates';
import { shownRoleName } from '../../trust/roleText';
import type { Verdict } from '../../trust/verdict';
import type { Chain, Tie } from '../../wiring/chain';
import { overlayWords } from '../../wiring/overlayWords';
import { isPlain } from '../../wiring/tie';
import { accessLine, byUrgency, marks } from '../accesses';
import { associationOptions } from '../associationWords';
import { mechanismSentences, otherInWords } from '../mechanisms';
import { code, commandLink, documentLink, escape, placeLabel, placeLink, type LinkOptions } from '../markdown';
import { roleFacts } from '../permissions/words';
import { findRole, roleOfTarget, type FoundRole, type NamedRole } from '../roleOf';
import type { Target } from '../target';
import type { WorkspaceView } from '../workspaceView';
import { referenceSteps } from '../explain/reference';
import { unknownReasons } from '../unknownValue';
import { permissionSections } from './permissions';

/** So many policies of files stand in the card. */
const mostPolicies = 6;

/**
 * A role's card, wherever its ARN or name stands: whether it admits the account that asks, with the reason, and, where
 * AWS's facts are known, what it may do.
 */
export function roleHover(view: WorkspaceView, target: Target, options: LinkOptions): string | undefined {
  const named = roleOfTarget(view, target);
  if (!named) return undefined;
  const found = findRole(view, named);
  const policies = found?.role ? [] : (view.wiring.policiesOf?.(named.refers ?? named.name, target.place.doc.uri) ?? []);
  // Without these a role's name by itself says nothing that the file does not.
  const given = grantLines(view, target);
  if (!named.chain && !named.refers && target.kind !== 'annotation-value' && !found && policies.length === 0 && given.length === 0)
    return undefined;
  const { role } = found ?? {};
  return [
    head(named, found),
    ...(role?.description ? [escape(role.description)] : []),
    ...referenceLines(view, named),
    ...(named.chain ? verdictLines(view, named.chain, options) : given),
    ...(found?.missing === undefined ? [] : [`⚠ ${escape(found.missing)}`]),
    ...(found?.assumed === undefined ? [] : [escape(found.assumed)]),
    ...(role ? permissionSections(view, role, options) : []),
    ...(policies.length > 0
      ? [
          `Its policies in these files: ${policies
            .slice(0, mostPolicies)
            .map((policy) => policyWords(view, policy))
            .join(', ')}${policies.length > mostPolicies ? ` and ${policies.length - mostPolicies} more` : ''}`,
        ]
      : []),
  ].join('\n\n');
}

/** For the role, or the target role, of an association: whom it is for, whether they can assume it, and what else it says. */
function grantLines({ wiring }: WorkspaceView, target: Target): string[] {
  if ((target.kind !== 'role-arn' && target.kind !== 'role-name') || target.fact.kind !== 'podIdentityAssociation') return [];
  const grant = wiring.grantOf(target.fact);
  if (!grant) return [];
  const { namespace, serviceAccount } = grant;
  const verdict = escape(accessLine(accessByGrant(grant, wiring.aws)));
  return [`Pod Identity association of ${code(`${namespace}/${serviceAccount}`)}.${associationOptions(grant)}`, verdict];
}

/** A policy that a file gives the role: its name, and where that is said. */
function policyWords(view: WorkspaceView, { doc, span, name, arn }: RolePolicyFact): string {
  const shown = arn ? arn.value.slice(arn.value.lastIndexOf('/') + 1) : (name?.value ?? 'an inline policy');
  const at = view.position(doc, span.start);
  return at ? `${code(shown)} (${placeLink(placeLabel(doc.uri, at.line), doc.uri, at.line)})` : code(shown);
}

/** Where the value comes from, and the roles that it refers to, with links. */
function referenceLines(view: WorkspaceView, { refers, chain, name }: NamedRole): string[] {
  const value = refers ?? chain?.request.value ?? name;
  const steps = referenceSteps(value, chain?.reference);
  const link = ({ text, place }: (typeof steps)[number]): string => {
    const at = place && view.position(place.doc, place.span.start);
    return `${escape(text)}${place && at ? ` (${placeLink(placeLabel(place.doc.uri, at.line), place.doc.uri, at.line)})` : ''}`;
  };
  const reasons = chain && chain.ties.length === 0 ? unknownReasons(value) : [];
  const lines = [...steps.map(link), ...reasons.map(escape)];
  return lines.length > 0 ? [lines.map((line) => `- ${line}`).join('\n')] : [];
}

/** `demo-role · account 4815… · path /eks/ · max session 1 hour` */
function head(named: NamedRole, found: FoundRole | undefined): string {
  const facts = found?.role ? roleFacts(found.role) : factsOfArn(named);
  return [`**${escape(shownRoleName(named.refers ?? named.name))}**`, ...facts.map(([label, value]) => `${label} ${code(value)}`)].join(
    ' · ',
  );
}

function factsOfArn({ arn }: NamedRole): [string, string][] {
  const parsed = arn && parseRoleArn(arn);
  if (!parsed) return [];
  return [
    ['account', shownText(parsed.account)],
    ...(parsed.path.value === '/' ? [] : [['path', shownText(parsed.path)] as [string, string]]),
  ];
}

/** More overlays than this are counted. */
const mostOverlays = 6;

/** The verdict for each overlay of the account, what fails first. */
function verdictLines(view: WorkspaceView, chain: Chain, options: LinkOptions): string[] {
  const all = view.wiring.chainsFor(chain.account).filter((each) => each.request === chain.request);
  const accesses = (all.length > 0 ? all : [chain]).map((each) => ({ chain: each, access: view.access(each) })).sort(byUrgency);
  const more = accesses.length > mostOverlays ? [`and ${accesses.length - mostOverlays} more overlays`] : [];
  return [...accesses.slice(0, mostOverlays).flatMap((each) => verdictOf(view, each.chain, each.access, options)), ...more];
}

/** What becomes of the account, and why, with links. */
function verdictOf(view: WorkspaceView, chain: Chain, access: Access, options: LinkOptions): string[] {
  const { decision, verdict, tie, grant, fault, reason = '' } = access;
  const who = subjectName(chain);
  const { doc, key } = chain.request;
  const position = view.position(doc, key.span.start);
  const explain = commandLink('Explain access', 'podRoles.explainAccess', [{ uri: doc.uri, ...(position ? { position } : {}) }], options);
  const more = explain === undefined ? '' : ` · ${explain}`;
  const overlay = chain.overlays ? `${escape(overlayWords(chain.overlays))}: ` : '';
  const mark = `**${marks[decision]}** ${overlay}`;
  if (grant) {
    const gets = decision === 'denied' ? "can't get" : decision === 'unknown' ? 'may get' : 'gets';
    return [
      `${mark}${who} ${gets} ${code(access.role)} from a Pod Identity association, which overrides this annotation${reason === '' ? '' : `: ${escape(reason)}`}${more}`,
      ...[associationOptions(grant).trim()].filter((words) => words !== ''),
      ...(access.other ? [[otherInWords(access.other), ...mechanismSentences(access)].map(escape).join(' ')] : []),
    ];
  }
  const besides = access.other?.standing === 'policy-only' ? [escape(otherInWords(access.other))] : [];
  const from = tie && verdict ? ` (${policyLink(view, tie, options)}${tieWords(tie)})` : '';
  switch (decision) {
    case 'allowed':
      return [`${mark}Allows ${who}${from}${more}`, ...besides, ...(verdict ? assumptions(verdict) : [])];
    case 'denied':
      if (fault) return [`${mark}${who} can't assume it: ${escape(reason)}${more}`];
      return [
        `${mark}Doesn't allow ${who}${from}${more}`,
        ...(verdict ? reasons(verdict) : []),
        ...(verdict?.error ? [`Pods get ${code(verdict.error)}`] : []),
      ];
    case 'unknown':
      if (fault === 'no-policy') {
        return [
          `${mark}Trust policy not found, so whether it allows ${who} is unknown.${more}`,
          "A trust policy is found by `roles:` in `pod-roles.yaml`, by the role's name or ARN in the same document, or by a file or folder named like the role.",
        ];
      }
      return [
        `${mark}May or may not allow ${who}: ${escape(reason)}${from}${more}`,
        ...(verdict?.disagreeing === undefined ? [] : [`The candidates: ${escape(candidateNames(policiesOf(chain)))}`]),
        ...(verdict ? [...reasons(verdict), ...assumptions(verdict)] : []),
      ];
  }
}

function tieWords(tie: Tie): string {
  if (isPlain(tie)) return '';
  return tie.kind === 'aws' || tie.kind === 'config' ? `, ${escape(tie.because)}` : `, assumed to be this role's ${escape(tie.because)}`;
}

function subjectName(chain: Chain): string {
  const name = chain.name ?? literal(chain.account.name) ?? 'this account';
  return code(chain.namespace ? `${chain.namespace}/${name}` : name);
}

function policyLink(view: WorkspaceView, { policy }: Tie, options: LinkOptions): string {
  const position = view.position(policy.doc, policy.policy.span.start);
  const line = position?.line ?? 0;
  const label = placeLabel(policy.doc.uri, line);
  return parseAwsUri(policy.doc.uri) ? documentLink(label, policy.doc.uri, options) : placeLink(label, policy.doc.uri, line);
}

/** The steps that decided: those that failed, or those that no file tells. */
function reasons(verdict: Verdict): string[] {
  const wanted = verdict.decision === 'unknown' ? null : false;
  const steps = verdict.trace.filter((step) => step.matched === wanted && step.element !== 'Statement');
  return steps.length === 0
    ? []
    : [
        steps
          .slice(0, 4)
          .map((step) => `- ${escape(step.message)}`)
          .join('\n'),
      ];
}

function assumptions(verdict: Verdict): string[] {
  return verdict.assumptions.length === 0 ? [] : [`Assumed: ${verdict.assumptions.map(escape).join(' ')}`];
}
