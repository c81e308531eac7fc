import type { Rule, RuleContext } from './rule';
import { grantsOfWorkload } from './support/podIdentityUse';
import type { Platform, WorkloadFact } from '../model/facts';
import { headline, line, lines } from '../text/message';
import { platformNames, unsupportedUses, workloadWords } from '../trust/platforms';
import { shownRoleName } from '../trust/roleText';

/** The page: see pages.ts. */
export const doc = `
Finds workloads that can only run on AWS Fargate or on Windows nodes and whose service account has an EKS Pod Identity
association.

## Why

The Pod Identity agent runs on Linux nodes of Amazon EC2. The EKS user guide lists Fargate and Windows nodes as unsupported: pods
there get no credentials from the association, and their calls fail with \`Unable to locate credentials\` or use another role.

## Wrong

\`\`\`yaml
spec:
  serviceAccountName: demo-sa   # has a Pod Identity association
  nodeSelector:
    kubernetes.io/os: windows
\`\`\`

## Right

\`\`\`yaml
spec:
  serviceAccountName: demo-sa-windows   # annotated with eks.amazonaws.com/role-arn
  nodeSelector:
    kubernetes.io/os: windows
\`\`\`

A workload is bound to such nodes by \`spec.os\`, its scheduler (as pods on Fargate have it), its node selector, what its node
affinity requires (in every term), a Windows host process, or a Fargate profile of the same cluster, in the files, AWS or a
snapshot, that selects its namespace and labels. Tolerations and preferences bind no pod, and neither does what a template may omit. Pods that mount a token by
themselves aren't reported.

## When to turn it off

If the pods don't call AWS.
`;

/** A workload with an association, where there is no agent. */
export const podIdentityUnsupported: Rule = {
  id: 'pod-identity-unsupported',
  level: 'warning',
  title: "EKS Pod Identity isn't available where the workload runs",
  fixable: false,
  since: '0.1.0',
  source: 'EKS user guide, pod-identities (considerations); aws/containers-roadmap#2274 (Fargate)',
  checks: {
    workload(fact: WorkloadFact, context: RuleContext): void {
      if (!fact.platform && !context.wiring.hasFargateProfiles) return;
      const found = grantsOfWorkload(fact, context).flatMap((grant) => unsupportedUses([fact], grant).map((use) => ({ use, grant })));
      const [first] = found;
      if (!first) return;
      const { use, grant } = first;
      const { profile } = use;
      context.report({
        doc: fact.doc,
        span: fact.platform?.span ?? fact.head,
        message: lines(
          headline`${workloadWords(fact)} runs only on ${platformNames[use.platform]}, where EKS Pod Identity isn't available.`,
          line`Its pods get no credentials of ${shownRoleName(grant.role)} from the association of ${grant.namespace}/${grant.serviceAccount}.${profile?.source === undefined ? '' : ` Source of the Fargate profile: ${profile.source}.`}`,
          changes[use.platform],
        ),
        related: [
          ...(grant.association
            ? [{ at: { doc: grant.association.doc, span: grant.association.head }, message: 'The Pod Identity association' }]
            : []),
          ...(profile?.fact ? [{ at: { doc: profile.fact.doc, span: profile.fact.head }, message: 'The Fargate profile' }] : []),
        ],
      });
    },
  },
};

const changes: Readonly<Record<Platform['name'], string>> = {
  windows: 'Use a service account with eks.amazonaws.com/role-arn and no association, or run it on Linux nodes.',
  fargate: 'Use a service account with eks.amazonaws.com/role-arn and no association, or run it on EC2 nodes.',
};
