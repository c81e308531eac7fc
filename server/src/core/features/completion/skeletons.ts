import type { WorkspaceView } from '../workspaceView';
import type { Item } from './item';

/** Whole trust policies for a JSON file that holds nothing yet. Providers come from the workspace where it knows one. */
export function skeletonItems(view: WorkspaceView): Item[] {
  const cluster = view.wiring.settings.clusters.find((candidate) => candidate.issuer && candidate.account);
  const account = cluster?.account ?? '111122223333';
  const issuer = cluster?.issuer ?? 'oidc.eks.eu-west-1.amazonaws.com/id/ID';
  const given = `\${1:arn:aws:iam::${account}:oidc-provider/${issuer}}`;
  return [
    {
      label: 'IRSA trust policy', kind: 'snippet', rank: 0, snippet: true, detail: 'one service account of one cluster',
      insert: document(`{ "Federated": "${given}" }`, '"sts:AssumeRoleWithWebIdentity"', `,
      "Condition": {
        "StringEquals": {
          "\${2:${issuer}}:sub": "system:serviceaccount:\${3:namespace}:\${4:service-account}",
          "\${2:${issuer}}:aud": "sts.amazonaws.com"
        }
      }`),
    },
    {
      label: 'EKS Pod Identity trust policy', kind: 'snippet', rank: 1, snippet: true, detail: 'for associations',
      insert: document('{ "Service": "pods.eks.amazonaws.com" }', '["sts:AssumeRole", "sts:TagSession"]', ''),
    },
  ];
}

function document(principal: string, action: string, rest: string): string {
  return `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": ${principal},
      "Action": ${action}${rest}
    }
  ]
}`;
}
