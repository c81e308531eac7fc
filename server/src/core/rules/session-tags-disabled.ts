import type { Fix, OtherSide, Report, Rule, RuleContext } from './rule';
import { rewrite } from './support/edits';
import { grantsFromAws } from './support/podIdentityUse';
import { sourceNote } from './support/ties';
import { podIdentityDenied } from './trust/effects';
import type { PodIdentityAssociationFact, ServiceAccountFact } from '../model/facts';
import { headline, line, lines } from '../text/message';
import { literal } from '../text/texts';
import { accessByGrant } from '../trust/access';
import { tagsSwitch } from '../trust/associationFaults';
import { verdictIfTagged } from '../trust/grantVerdict';
import type { TraceStep } from '../trust/verdict';
import type { Grant } from '../wiring/grants';

/** The page: see pages.ts. */
export const doc = `
Finds an EKS Pod Identity association with \`disableSessionTags\` for a role whose trust policy has a condition on session tags
(\`aws:RequestTag/kubernetes-namespace\`, \`aws:TagKeys\`, …).

## Why

EKS Pod Identity passes six session tags, among them the cluster, the namespace and the service account. With
\`disableSessionTags: true\` it passes none, so a condition on one of them isn't met, and pods get
\`AccessDeniedException: EKS does not have permissions to assume the associated role\`.

## Wrong

\`\`\`hcl
resource "aws_eks_pod_identity_association" "demo" {
  disable_session_tags = true
  role_arn             = aws_iam_role.demo.arn
}
\`\`\`
\`\`\`json
"Condition": {"StringEquals": {"aws:RequestTag/kubernetes-namespace": "demo-namespace"}}
\`\`\`

## Right

Session tags, or a trust policy without conditions on them:

\`\`\`json
"Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}
\`\`\`

A session policy needs \`disableSessionTags\`: then only the second way is left.

## When to turn it off

If the trust policy is completed by another tool.
`;

/** A trust policy that needs session tags, and an association that disables them. */
export const sessionTagsDisabled: Rule = {
  id: 'session-tags-disabled',
  level: 'error',
  title: 'The trust policy needs session tags, which the association disables',
  fixable: true,
  since: '0.1.0',
  source: 'EKS API, CreatePodIdentityAssociation (disableSessionTags); EKS user guide, pod-id-abac; IAM user guide, condition operators',
  // An error in the trust policy itself is reported there.
  phase: 'consequence',
  twoSided: true,
  checks: {
    association(fact: PodIdentityAssociationFact, context: RuleContext): void {
      const grant = context.wiring.grantOf(fact);
      const at = fact.disableSessionTags?.span ?? fact.head;
      const report = grant && conflict(grant, { doc: fact.doc, span: at });
      if (report) context.report({ ...report, fixes: fixesOf(fact) });
    },
    serviceAccount(fact: ServiceAccountFact, context: RuleContext): void {
      // An association of a file has its finding there; AWS's has no file.
      for (const { grant, span } of grantsFromAws(fact, context)) {
        const report = conflict(grant, { doc: fact.doc, span });
        if (report) context.report(report);
      }
    },
  },
};

function conflict(grant: Grant, at: Pick<Report, 'doc' | 'span'>): Report | undefined {
  const { decision, fault, tie, role, verdict } = accessByGrant(grant, undefined, undefined, []);
  if (decision !== 'denied' || fault || !tie || !verdict || !verdictIfTagged(tie.policy.policy, grant)) return undefined;
  const step = verdict.trace.find(isOnTags);
  const key = step?.key ?? 'session tags';
  const { policy } = tie;
  const place = tie.kind === 'aws' ? undefined : { doc: policy.doc, span: step?.span ?? policy.policy.span };
  const account = `${grant.namespace}/${grant.serviceAccount}`;
  const name = grant.association ? tagsSwitch(grant.association.doc) : 'disableSessionTags';
  const isBound = grant.association?.sessionPolicy !== undefined;
  return {
    ...at,
    message: lines(
      headline`The association disables session tags, which the trust policy of ${role} needs.`,
      line`Its condition on them isn't met. Pods get ${podIdentityDenied}.${grant.association ? '' : sourceNote(grant.source ?? 'AWS')}`,
      isBound ? `Remove the condition: the association's session policy needs ${name}.` : `Set ${name} to false, or remove the condition.`,
    ),
    related: place ? [{ at: place, message: 'The condition on session tags' }] : [],
    ...(place && !policy.made ? { otherSide: otherSide(place, key, account, name, isBound) } : {}),
  };
}

function otherSide(at: OtherSide['at'], key: string, account: string, name: string, isBound: boolean): OtherSide {
  return {
    at,
    name: account,
    related: 'The association without session tags',
    named: [],
    message: (names) =>
      lines(
        headline`${key} isn't in the request for ${names.length === 1 ? names[0]! : `${names.length} service accounts`}: session tags are disabled.`,
        `Pods get ${podIdentityDenied}.`,
        isBound
          ? `Remove the condition: the session policy of the Pod Identity association needs ${name}.`
          : `Set ${name} of the Pod Identity ${names.length === 1 ? 'association' : 'associations'} to false, or remove the condition.`,
      ),
  };
}

/** A condition on session tags that decides: one that an Allow lacks, or for which a Deny applies. */
function isOnTags({ element, key, effect, matched }: TraceStep): boolean {
  return (
    element === 'Condition' &&
    /^(?:aws:requesttag\/|aws:tagkeys$|sts:transitivetagkeys$)/i.test(key ?? '') &&
    matched === (effect === 'Deny')
  );
}

/** Turning session tags on again may allow the pods: nothing to do unattended. A session policy doesn't take them. */
function fixesOf({ doc: at, disableSessionTags: tags, sessionPolicy }: PodIdentityAssociationFact): Fix[] {
  if (!tags || sessionPolicy || tags.borrowed || literal(tags)?.toLowerCase() !== 'true') return [];
  return [{ title: `Set ${tagsSwitch(at)} to false`, edits: [rewrite(at, tags, 'false')], safe: false }];
}
